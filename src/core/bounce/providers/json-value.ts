/** Parsed JSON that a stranger wrote: every step into it is asked for, and every piece taken out has an end. */

export type JsonRecord = Readonly<Record<string, unknown>>

/** Longer texts are of no use to a verdict, and an answer of a mail server is shorter. */
const LONGEST_TEXT = 4096

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object itself, and an empty one for anything else. */
export function record(value: unknown): JsonRecord {
  return isRecord(value) ? value : {}
}

/** A string with something in it, or a number as it is written; null for anything else. */
export function text(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') return null
  const trimmed = value.slice(0, LONGEST_TEXT).trim()
  return trimmed === '' ? null : trimmed
}

/** The list itself, cut at `most`; one thing that stands alone is a list of one. */
export function list(value: unknown, most: number): readonly unknown[] {
  if (Array.isArray(value)) return value.slice(0, most)
  return value === undefined || value === null ? [] : [value]
}

/** JSON inside a JSON string, as SNS and SMTP headers carry it; null where it is none. */
export function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return null
  try {
    return JSON.parse(value)
  } catch {
    return null
  }
}

/** A name of an event or of a kind, however it is spelled: `hard_bounce`, `hardBounce`, `Hard Bounce`. */
export function kind(value: unknown): string {
  return (text(value) ?? '')
    .slice(0, 100)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
}

/** An enhanced status code that stands alone, null for anything else (SendGrid also writes `550` there). */
export function statusCode(value: unknown): string | null {
  const status = text(value)
  return status !== null && /^[245]\.\d{1,3}\.\d{1,3}$/.test(status) ? status : null
}

/** What a table of ours says of a name that a stranger wrote: `constructor` is in no table. */
export function entry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/** An address as text; what is too long to be one is none (RFC 5321, 4.5.3.1: 64, an at sign and 255). */
export function address(value: unknown): string | null {
  const written = typeof value === 'string' ? value.trim() : ''
  return written === '' || written.length > 320 ? null : written
}
