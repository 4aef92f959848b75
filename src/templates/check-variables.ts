// Finds variables that no model has, before anything is rendered.

import type { Template, Variable } from 'liquidjs'
import type { Engine } from './engine.ts'
import { placeOf } from './mistakes.ts'
import type { Sources } from './read-folder.ts'
import type { Report } from './words.ts'

const ARRAY_WORDS = new Set(['size', 'first', 'last'])

/** Whether nothing was found. */
export function checkVariables(
  input: { engine: Engine; templates: Template[]; sources: Sources; example: object; globals: object },
  report: Report,
): boolean {
  const { engine, templates, sources, example, globals } = input
  const known = { ...globals, ...example }
  let failure: unknown = null
  let isSound = true
  try {
    const analysis = engine.liquid.analyzeSync(templates)
    for (const variable of Object.values(analysis.globals).flat()) {
      const { file, row } = variable.location
      if (has(known, variable)) continue
      isSound = false
      report(`${placeOf(sources, file, row)}: there is no variable "${variable.toString()}" here`)
    }
  } catch (error) {
    failure = error // a part that is missing or broken; rendering tells where it was wanted
  }
  try {
    // Analysis does not follow a value into a part, and takes any value for fit: so once for real, and once with
    // whatever a list may lack.
    engine.render(templates, example)
    for (const lacking of lackingSomething(example)) engine.render(templates, lacking)
  } catch (error) {
    failure = error
  }
  if (failure === null) return isSound
  const said = failure instanceof Error ? failure.message : String(failure)
  const file = templates[0]?.token.file
  report(engine.describe(failure) ?? `${placeOf(sources, file, 1)}: ${said}`)
  return false
}

/** The example with a list that lacks all that a list may lack, and with one that lacks each of it alone. */
export function lackingSomething(example: object): object[] {
  if (!('list' in example) || typeof example.list !== 'object') return []
  const { list } = example
  const all = { organisation: null, consent: null, privacyUrl: null }
  const each = Object.keys(all).map((name) => ({ [name]: null }))
  return [all, ...each].map((lacks) => ({ ...example, list: { ...list, ...lacks } }))
}

function has(known: object, variable: Variable): boolean {
  let value: unknown = known
  for (const segment of variable.segments) {
    if (Array.isArray(value)) {
      value = ARRAY_WORDS.has(String(segment)) ? 0 : value[0]
    } else if (typeof value === 'object' && value !== null && Object.hasOwn(value, String(segment))) {
      value = Reflect.get(value, String(segment))
    } else {
      return false
    }
  }
  return true
}
