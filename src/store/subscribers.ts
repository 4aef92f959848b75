// The export reads the view that only confirmed rows can enter, and nothing else.
import {
  copyStatement,
  type ExportFormat,
  momentLiteral,
  momentText,
  namedColumns,
  type Since,
  transactionLiteral,
} from './copy-formats.ts'

/** In the order of the export; `unsubscribe_url` stands before the last one and is put in later. */
const columns = {
  email: 's.email',
  signed_up_at: 's.signed_up_at',
  confirmed_at: 's.confirmed_at',
  source: 's.source',
  locale: 's.locale',
  consent: 's.consent',
  consent_as_posted: 's.consent_as_posted',
  signup_ip: 's.signup_client',
  confirm_ip: 's.confirm_client',
} as const
const times = { signed_up_at: momentText('s.signed_up_at'), confirmed_at: momentText('s.confirmed_at') }
const attributes = `coalesce(s.attributes, '{}')::text`

export const subscriberColumns = [...Object.keys(columns), 'unsubscribe_url', 'attributes']
/** Times in CSV are written as COPY does, in UTC: making them ours is left to the pass over the rows. */
export const timeColumns = Object.keys(times).map((name) => subscriberColumns.indexOf(name))
/** Which of the columns of a record is left empty for the link. */
export const linkColumn = { csv: Object.keys(columns).length, ndjson: 1 } as const

/**
 * Every record begins with the signup's id and one letter: the place in `keyIds` of the key that its tokens are made
 * with, from A on, or 0 where that key is not among them.
 */
export function copySubscribers(asked: {
  listId: number
  since: Since
  format: ExportFormat
  keyIds: readonly string[]
}): string {
  const from = `from subscribers s
    cross join lateral (select ${namedColumns(asked.format === 'csv' ? columns : { ...columns, ...times })}) as r
    where s.list_id = ${Math.trunc(asked.listId)} and ${isSince(asked.since)}`
  const shown =
    asked.format === 'csv'
      ? `r.*, null, ${attributes}`
      : `left(row_to_json(r)::text, -1) || ',"unsubscribe_url":', null, ',"attributes":' || ${attributes} || '}'`
  return copyStatement(`select s.id, ${keyLetter(asked.keyIds)}, ${shown} ${from}`, asked.format)
}

const firstLetter = 'A'.charCodeAt(0)
const mostKeys = 'z'.charCodeAt(0) - firstLetter + 1

/** The place in `keyIds` that this byte of a record stands for; it may not exist. */
export function keyPlace(letter: number): number {
  return letter - firstLetter
}

function keyLetter(keyIds: readonly string[]): string {
  const known = keyIds.slice(0, mostKeys)
  if (known.some((id) => !/^[0-9a-f]+$/.test(id))) throw new Error('a key id is not hexadecimal')
  const cases = known.map((id, place) => `when '${id}' then '${String.fromCharCode(firstLetter + place)}'`)
  return `case s.key_id ${cases.join(' ')} else '0' end`
}

function isSince(since: Since): string {
  if (since.kind === 'everything') return 'true'
  if (since.kind === 'time') return `s.confirmed_at >= ${momentLiteral(since.at)}`
  return `s.confirmed_xid >= ${transactionLiteral(since.xmin)}`
}
