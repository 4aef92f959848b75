// Who left, for whoever keeps a copy of the list. The erased are kept for this only.
import { copyDepartures, departureColumns } from '../store/departures.ts'
import { beginExport, type ExportDeps, type ExportInput, type ExportOutcome } from './export-stream.ts'

/** An erased address is told of for so long, and then gone. */
export const erasedKeptMs = 90 * 24 * 60 * 60 * 1000

export async function exportDepartures(deps: ExportDeps, input: ExportInput): Promise<ExportOutcome> {
  const erasedAfter = new Date(deps.now().getTime() - erasedKeptMs)
  return beginExport(deps, input, {
    what: 'departures',
    header: departureColumns,
    times: [],
    link: null,
    statement: (list, since) => copyDepartures({ listId: list.id, since, format: input.format, erasedAfter }),
  })
}
