// Turns any value into plain JSON for a log line, every string of it through the guard. Never throws: a line that
// cannot be written in full is written in part.
import type { Hide } from './hide.ts'

const deepest = 5
const most = 50
const secretName = /password|secret|token|authorization|cookie|handle/i

// What errors of node, pg and nodemailer carry beside their message. Never pg's "detail": it quotes rows.
const errorFields = [
  'code',
  'errno',
  'syscall',
  'responseCode',
  'response',
  'command',
  'severity',
  'table',
  'constraint',
  'routine',
]

// The line's own members, which fields must not repeat.
const reserved = new Set(['event', 'level', 'time'])

export function loggableFields(
  fields: Readonly<Record<string, unknown>>,
  hide: Hide,
): Record<string, unknown> {
  try {
    return membersOf(
      Object.entries(fields).filter(([name]) => !reserved.has(name)),
      hide,
      0,
    )
  } catch {
    return { fields: '[unreadable]' }
  }
}

function loggable(value: unknown, hide: Hide, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return hide.text(value)
    case 'number':
    case 'boolean':
    case 'undefined':
      return value
    case 'bigint':
      return String(value)
    case 'object':
      return value === null ? null : partOf(value, hide, depth)
    default:
      return `[${typeof value}]`
  }
}

function partOf(value: object, hide: Hide, depth: number): unknown {
  if (depth >= deepest) return '[too deep]'
  try {
    if (value instanceof Error) return errorOf(value, hide, depth)
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
    if (value instanceof URL) return hide.text(value.href)
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
    if (value instanceof Map || value instanceof Set) return `[${value.size} entries]`
    if (Array.isArray(value)) return value.slice(0, most).map((item) => loggable(item, hide, depth + 1))
    return membersOf(Object.entries(value), hide, depth)
  } catch {
    return '[unreadable]'
  }
}

function membersOf(entries: [string, unknown][], hide: Hide, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    entries.slice(0, most).map(([name, value]) => {
      const secret = typeof value === 'string' && value !== '' && secretName.test(name)
      return [hide.text(name), secret ? '[secret]' : loggable(value, hide, depth + 1)]
    }),
  )
}

function errorOf(error: Error, hide: Hide, depth: number): Record<string, unknown> {
  const entries: [string, unknown][] = [
    ['name', error.name],
    ['message', error.message],
  ]
  for (const name of errorFields) {
    const value: unknown = Reflect.get(error, name)
    if (typeof value === 'string' || typeof value === 'number') entries.push([name, value])
  }
  entries.push(['stack', error.stack])
  if (error.cause !== undefined) entries.push(['cause', error.cause])
  if (error instanceof AggregateError) entries.push(['errors', error.errors])
  return membersOf(entries, hide, depth)
}
