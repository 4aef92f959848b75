// liquidjs for one language and one form (HTML or text), over sources in memory.

import { Liquid, type Template } from 'liquidjs'
import { addFilters, escapeHtml } from './filters.ts'
import { describeLiquidError, phraseFile } from './mistakes.ts'
import type { Sources } from './read-folder.ts'
import { addSayTags, type Phrases } from './say.ts'
import type { Report, Words } from './words.ts'

export type Engine = {
  /** Parses the template of this name; reports and answers null when it is missing or broken. */
  open(name: string): Template[] | null
  /** Parses the phrase with this key. */
  phrase(key: string): Template[] | null
  render(templates: Template[], model: object): string
  /** What the error says and where; null when it is none of liquidjs's. */
  describe(error: unknown): string | null
  liquid: Liquid
}

export function makeEngine(
  input: {
    sources: Sources
    words: Words
    locale: string
    form: 'html' | 'text'
    /** Names known in every template. */
    globals: Readonly<Record<string, string>>
  },
  report: Report,
): Engine {
  const { sources, words, locale, form, globals } = input
  const liquid = new Liquid({
    templates: Object.fromEntries([...sources].map(([name, source]) => [name, source.text])),
    extname: '.liquid',
    cache: Number.MAX_SAFE_INTEGER,
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    globals,
    ...(form === 'html' ? { outputEscape: escapeHtml } : {}),
  })
  addFilters(liquid, locale)
  const phrases = new Map<string, Template[]>()
  addSayTags(liquid, {
    find: (key) => phrases.get(key),
    under: (prefix) =>
      new Map(
        [...phrases]
          .filter(([key]) => key.startsWith(prefix))
          .map(([key, value]) => [key.slice(prefix.length), value]),
      ),
  } satisfies Phrases)

  const names = new Map([...sources].map(([name, source]) => [source.text, name]))
  const describe = (error: unknown) => describeLiquidError(sources, error, (text) => names.get(text))
  const parse = (text: string, file: string): Template[] | null => {
    try {
      return liquid.parse(text, file)
    } catch (error) {
      const description = describe(error)
      if (description === null) throw error
      report(description)
      return null
    }
  }
  // A broken phrase stands in for itself as an empty one: it is reported once, not again wherever it is said.
  for (const [key, { text, file, line }] of words) {
    names.set(text, phraseFile(file, line))
    phrases.set(key, parse(text, phraseFile(file, line)) ?? [])
  }

  return {
    open(name) {
      const source = sources.get(name)
      if (source !== undefined) return parse(source.text, name)
      report(`${name} is missing among the templates`)
      return null
    },
    phrase(key) {
      const phrase = phrases.get(key)
      if (phrase === undefined) report(`there is no "${key}" among the words of ${locale}`)
      return phrase ?? null
    },
    render: (templates, model) => String(liquid.renderSync(templates, model)),
    describe,
    liquid,
  }
}
