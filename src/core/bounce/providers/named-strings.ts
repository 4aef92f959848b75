import { returnTokenLength } from '../../tokens.ts'
import { isRecord, text } from './json-value.ts'

/** What is looked through for one event, at most. */
const MOST_VALUES = 200
const DEEPEST = 4
const MOST_CHARACTERS = 100_000
const MOST_CANDIDATES = 20

const candidate = new RegExp(`(?<![a-z2-7])[a-z2-7]{${returnTokenLength}}(?![a-z2-7])`, 'gi')

/**
 * What may be a return token of ours in the values, in their order; members that are named for us go first within a
 * value. Only candidates come back: who holds the key says which is genuine.
 */
export function namedIn(...values: readonly unknown[]): string[] {
  const found: string[] = []
  let valuesLeft = MOST_VALUES
  let left = MOST_CHARACTERS
  const look = (value: unknown, depth: number): void => {
    if (valuesLeft <= 0 || left <= 0 || found.length >= MOST_CANDIDATES) return
    valuesLeft -= 1
    if (typeof value === 'string') {
      const read = value.slice(0, left)
      left -= read.length
      if (read.length >= returnTokenLength) take(read, found)
      return
    }
    if (depth >= DEEPEST || typeof value !== 'object' || value === null) return
    const inside = isRecord(value)
      ? oursFirst(value)
      : Array.isArray(value)
        ? value.slice(0, MOST_VALUES)
        : []
    for (const one of inside) look(one, depth + 1)
  }
  for (const value of values) look(value, 0)
  return found
}

/** The values of the members that are called after us: `ayes-letter`, `X-Ayes-Letter`. */
export function ours(value: unknown): unknown[] {
  if (!isRecord(value)) return []
  const found: unknown[] = []
  for (const name in value) if (/ayes/i.test(name)) found.push(value[name])
  return found.slice(0, MOST_VALUES)
}

/** Header fields as SES and Resend give them back, `[{"name":…,"value":…}]`: ours, then the Message-ID and the way back. */
export function namedHeaders(headers: unknown): unknown[] {
  if (!Array.isArray(headers)) return ours(headers)
  const fields = headers.slice(0, MOST_VALUES).filter(isRecord)
  const inOrder = ['x-ayes-letter', 'message-id', 'return-path', 'x-ses-message-tags']
  return inOrder.flatMap((name) =>
    fields.filter((field) => text(field.name)?.toLowerCase() === name).map((field) => field.value),
  )
}

function oursFirst(value: Readonly<Record<string, unknown>>): unknown[] {
  const names = Object.keys(value).slice(0, MOST_VALUES)
  return [...names.filter((name) => /ayes/i.test(name)), ...names.filter((name) => !/ayes/i.test(name))].map(
    (name) => value[name],
  )
}

function take(read: string, found: string[]): void {
  for (const match of read.matchAll(candidate)) {
    if (found.length >= MOST_CANDIDATES) return
    if (!found.includes(match[0])) found.push(match[0])
  }
}
