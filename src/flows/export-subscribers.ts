// The one way out for addresses: those who said yes, with the evidence, and a link for each to leave again.
import { type LinkWriter, linkTokenLength, openLinkWriter } from '../core/export/link-writer.ts'
import type { PutLink, RowShape } from '../core/export/row-pass.ts'
import {
  copySubscribers,
  keyPlace,
  linkColumn,
  subscriberColumns,
  timeColumns,
} from '../store/subscribers.ts'
import {
  beginExport,
  type ExportDeps,
  type ExportFormat,
  type ExportInput,
  type ExportOutcome,
} from './export-stream.ts'
import type { Service } from './service.ts'

export async function exportSubscribers(
  deps: ExportDeps & Pick<Service, 'ring' | 'links'>,
  input: ExportInput,
): Promise<ExportOutcome> {
  const keyIds = deps.ring.all.map((key) => key.id)
  return beginExport(deps, input, {
    what: 'subscribers',
    header: subscriberColumns,
    times: timeColumns,
    link: linkShape(deps, input.format),
    statement: (list, since) => copySubscribers({ listId: list.id, since, format: input.format, keyIds }),
  })
}

/** The link stands in its column as text, in JSON in quotation marks; without its key the row has none. */
function linkShape(deps: Pick<Service, 'ring' | 'links'>, format: ExportFormat): RowShape['link'] {
  const writers = deps.ring.all.map((key) => openLinkWriter(key, 'unsubscribe'))
  const base = deps.links.unsubscribeBase()
  const before = Buffer.from(format === 'csv' ? base : `"${base}`)
  const after = Buffer.from(format === 'csv' ? '' : '"')
  const none = Buffer.from(format === 'csv' ? '' : 'null')
  const put: PutLink = (id, letter, out, at) => {
    const writer: LinkWriter | undefined = writers[keyPlace(letter)]
    if (writer === undefined) {
      out.set(none, at)
      return at + none.length
    }
    out.set(before, at)
    writer(id, out, at + before.length)
    const end = at + before.length + linkTokenLength
    out.set(after, end)
    return end + after.length
  }
  return {
    column: linkColumn[format],
    put,
    mostBytes: before.length + linkTokenLength + after.length + none.length,
  }
}
