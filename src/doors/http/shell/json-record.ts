// A JSON object out of hostile text. What was sent is never repeated in an answer.
import { problem } from './problem.ts'
import { repeatedKey } from './repeated-key.ts'

/** No schema of ours is deeper than 3; a bound this low keeps every later walk over the value short. */
const DEEPEST = 32

export type PlainRecord = Record<string, unknown>

/** `once`: fields that the outermost object may have once only. */
export function readJsonRecord(text: string, once: readonly string[] = []): PlainRecord {
  const value = parse(text)
  if (!isRecord(value)) throw problem(400, 'bad-request', 'The body is JSON, but not an object.')
  const repeated = repeatedKey(text, once)
  if (repeated !== undefined) {
    throw problem(400, 'bad-request', `${repeated} is given more than once.`, { field: repeated })
  }
  inspect(value, text.includes('\\u0000'))
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw problem(400, 'bad-request', 'The body is not valid JSON.')
  }
}

/** `field`: the outermost one that it stands in; null for the root itself. */
type Node = { readonly value: object; readonly field: string | null }

// Level by level and without recursion, so that depth costs no stack. `__proto__` is taken out: JSON.parse makes it a
// plain property, and any later copy by assignment would make it the prototype.
function inspect(root: PlainRecord, lookForNul: boolean): void {
  let level: Node[] = [{ value: root, field: null }]
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > DEEPEST) throw problem(400, 'bad-request', 'The JSON is nested too deeply.')
    const next: Node[] = []
    for (const node of level) {
      if (Object.hasOwn(node.value, '__proto__')) Reflect.deleteProperty(node.value, '__proto__')
      for (const [key, value] of Object.entries(node.value)) {
        const field = node.field ?? key
        if (typeof value === 'object' && value !== null) next.push({ value, field })
        if (lookForNul && (key.includes('\0') || (typeof value === 'string' && value.includes('\0')))) {
          const name = field.includes('\0') ? {} : { field: field.slice(0, 100) }
          throw problem(400, 'bad-request', 'A NUL character is not accepted.', name)
        }
      }
    }
    level = next
  }
}

function isRecord(value: unknown): value is PlainRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
