// One language of one set of templates: everything parsed, checked against its example, and ready to render.

import type { Template } from 'liquidjs'
import { directionOf } from './bidi.ts'
import { checkLinks } from './check-links.ts'
import { checkVariables, lackingSomething } from './check-variables.ts'
import { type Engine, makeEngine } from './engine.ts'
import { letterExamples, pageExamples } from './examples.ts'
import { placeOf } from './mistakes.ts'
import type { Sources } from './read-folder.ts'
import { type ScriptWords, scriptWords } from './script-words.ts'
import { CATALOGUES, type Catalogue, compareWords, type Report, readWords, type Words } from './words.ts'

export type Language = {
  name: string
  pages: ReadonlyMap<string, Template[]>
  letters: ReadonlyMap<string, { subject: Template[]; text: Template[]; html: Template[] }>
  html: Engine
  text: Engine
  script: ScriptWords
}
export type TemplateSet = { style: string; languages: ReadonlyMap<string, Language> }

/** Ours first; the files of a later layer replace those before it, words entry by entry. */
export function readSet(
  layers: readonly [Sources, ...Sources[]],
  locales: readonly string[],
  { report, isTrusted }: { report: Report; isTrusted: boolean },
): TemplateSet {
  const sources: Sources = new Map(layers.flatMap((layer) => [...layer]))
  const style = sources.get('page.css')?.text.trim() ?? ''
  if (style === '') report(`page.css is missing`)
  if (style.includes('</')) report(`${placeOf(sources, 'page.css', 1)}: must not have "</" in it`)
  const languages = new Map<string, Language>()
  const base = readCatalogues([layers[0]], 'en', report)
  if (base === null) return { style, languages }
  for (const locale of locales) {
    const words = readCatalogues(layers, locale, report)
    if (words === null) continue
    const complete = CATALOGUES.map((name) =>
      compareWords({ base: base[name], other: words[name], file: `${locale}/${name}.json`, sources }, report),
    )
    // Without all its words a language would only repeat in its templates what was just said.
    if (!complete.includes(false))
      languages.set(locale, readLanguage({ sources, locale, style, words, isTrusted }, report))
  }
  return { style, languages }
}

function readCatalogues(
  layers: readonly Sources[],
  locale: string,
  report: Report,
): Record<Catalogue, Words> | null {
  const pages = readWords(layers, locale, 'pages', report)
  const letters = readWords(layers, locale, 'letters', report)
  return pages === null || letters === null ? null : { pages, letters }
}

function readLanguage(
  input: {
    sources: Sources
    locale: string
    style: string
    words: Record<Catalogue, Words>
    isTrusted: boolean
  },
  report: Report,
): Language {
  const { sources, locale, style } = input
  const { pages: pageWords, letters: letterWords } = input.words
  const allWords = new Map([...pageWords, ...letterWords])
  const globals = { lang: locale, dir: directionOf(locale), style }
  const html = makeEngine({ sources, words: allWords, locale, form: 'html', globals }, report)
  const text = makeEngine({ sources, words: letterWords, locale, form: 'text', globals }, report)

  const check = (templates: Template[] | null, of: Checked): Template[] => {
    if (templates === null) return []
    if (input.isTrusted) return templates
    const { engine, model, kind } = of
    const isSound = checkVariables({ engine, templates, sources, example: model, globals }, report)
    if (isSound && kind !== 'words') {
      const place = placeOf(sources, templates[0]?.token.file, 1)
      const form = engine === html ? 'html' : 'text'
      // what a list lacks must not take the link away with it; one telling is enough
      const told = new Set<string>()
      for (const one of [model, ...lackingSomething(model)]) {
        checkLinks({ kind, form, model: one, rendered: engine.render(templates, one), place }, (mistake) => {
          if (!told.has(mistake)) report(mistake)
          told.add(mistake)
        })
      }
    }
    return templates
  }
  const pages = new Map<string, Template[]>()
  for (const [name, model] of Object.entries(pageExamples)) {
    pages.set(name, check(html.open(`pages/${name}.liquid`), { engine: html, model, kind: 'page' }))
  }
  const letters = new Map<string, { subject: Template[]; text: Template[]; html: Template[] }>()
  for (const [kind, model] of Object.entries(letterExamples)) {
    letters.set(kind, {
      subject: check(text.phrase(`${kind}.subject`), { engine: text, model, kind: 'words' }),
      text: check(text.open(`letters/${kind}.txt.liquid`), { engine: text, model, kind: 'letter' }),
      html: check(html.open(`letters/${kind}.html.liquid`), { engine: html, model, kind: 'letter' }),
    })
  }
  return { name: locale, pages, letters, html, text, script: scriptWords(pageWords, html, report) }
}

type Checked = { engine: Engine; model: object; kind: 'page' | 'letter' | 'words' }
