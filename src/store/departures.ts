import {
  copyStatement,
  type ExportFormat,
  momentLiteral,
  momentText,
  namedColumns,
  type Since,
  transactionLiteral,
} from './copy-formats.ts'

const columns = { email: 'd.email', left_at: momentText('d.left_at'), why: 'd.why' } as const

export const departureColumns = Object.keys(columns)

/** Who left the list; of the erased only those after `erasedAfter`, whether or not the purge has come by. */
export function copyDepartures(asked: {
  listId: number
  since: Since
  format: ExportFormat
  erasedAfter: Date
}): string {
  const shown = asked.format === 'csv' ? 'r.*' : 'row_to_json(r)'
  const select = `select ${shown} from departures d
    cross join lateral (select ${namedColumns(columns)}) as r
    where d.list_id = ${Math.trunc(asked.listId)} and ${isSince(asked.since)}
      and (d.why <> 'erased' or d.left_at > ${momentLiteral(asked.erasedAfter)})`
  return copyStatement(select, asked.format)
}

function isSince(since: Since): string {
  if (since.kind === 'everything') return 'true'
  if (since.kind === 'time') return `d.left_at >= ${momentLiteral(since.at)}`
  return `d.left_xid >= ${transactionLiteral(since.xmin)}`
}
