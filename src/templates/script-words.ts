// The words that scripts say in pages: phrases of the catalogue as plain text, with `{email}` and the like in the
// places that the script fills. A phrase that differs without an address has that form under its key and a `?`.
import type { Engine } from './engine.ts'
import type { Report, Words } from './words.ts'

export type ScriptWords = Readonly<Record<string, string>>

const prefixes = [
  'waiting.',
  'reason.',
  'error.',
  'suggestion.',
  'live.',
  'form.take_suggestion',
  'form.email',
  'form.button',
]
const suggestion = '{suggestion}'
const places = {
  email: '{email}',
  typed: '{typed}',
  suggestion,
  inbox: '{inbox}',
  list: { name: '{list}' },
  error: { suggestion },
}

export function scriptWords(words: Words, engine: Engine, report: Report): ScriptWords {
  const found: Record<string, string> = {}
  for (const key of words.keys()) {
    if (!prefixes.some((prefix) => key.startsWith(prefix))) continue
    const phrase = engine.phrase(key)
    if (phrase === null) continue
    try {
      const say = (model: object) => engine.render(phrase, model).replaceAll(/<\/?(?:strong|bdi)>/g, '')
      found[key] = say(places)
      const unknown = say({ ...places, email: null })
      if (unknown !== found[key]) found[`${key}?`] = unknown
    } catch (error) {
      report(engine.describe(error) ?? `${key}: ${String(error)}`)
    }
  }
  return found
}
