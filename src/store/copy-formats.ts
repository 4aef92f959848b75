// Statements for COPY. It takes no parameters: whatever goes into one is a number or a moment that we wrote ourselves.

/** What of a list is exported: everything, or what has changed since. */
export type Since =
  | { readonly kind: 'everything' }
  /** decimal digits (xid8) */
  | { readonly kind: 'transaction'; readonly xmin: string }
  | { readonly kind: 'time'; readonly at: Date }

export type ExportFormat = 'csv' | 'ndjson'

/** ISO 8601 in UTC with milliseconds, as everywhere. */
export function momentText(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

export function momentLiteral(at: Date): string {
  return `'${at.toISOString()}'::timestamptz`
}

export function transactionLiteral(xmin: string): string {
  if (!/^\d{1,20}$/.test(xmin)) throw new Error('not a transaction id')
  return `'${xmin}'::xid8`
}

/**
 * JSON holds no control character as it is, so with these as delimiter and quote COPY has nothing to quote, and every
 * record is one line.
 */
export function copyStatement(select: string, format: ExportFormat): string {
  const options =
    format === 'csv' ? 'format csv' : `format csv, delimiter e'\\x02', quote e'\\x01', escape e'\\x01'`
  return `copy (${select}) to stdout (${options})`
}

/** `expression as name, …` */
export function namedColumns(columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .map(([name, expression]) => `${expression} as ${name}`)
    .join(', ')
}
