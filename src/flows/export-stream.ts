// What both exports share: begin in a snapshot, make the cursor before the first byte, then rows as they come.
import type { RowShape } from '../core/export/row-pass.ts'
import { csvShape, jsonShape, openRowPass } from '../core/export/row-pass.ts'
import type { ExportFormat, Since } from '../store/copy-formats.ts'
import { type Copies, type Snapshot, TooManyExports } from '../store/copy-out.ts'
import { recordAct } from '../store/events.ts'
import type { List } from './lists.ts'
import type { Service } from './service.ts'
import { nextCursor, readSince, sinceIn } from './since.ts'

export { blocksInTurn } from '../core/export/row-pass.ts'
export type { ExportFormat } from '../store/copy-formats.ts'

export type ExportInput = {
  readonly slug: string
  readonly format: ExportFormat
  /** a time, the cursor of an earlier export, or null */
  readonly since: string | null
  /** Only what an export would be answered with: nothing is exported. */
  readonly isHead: boolean
}

export type ExportOutcome =
  | { readonly kind: 'unknown-list' | 'bad-since' | 'busy' | 'none' }
  | {
      readonly kind: 'rows'
      /** names where the next export goes on */
      readonly next: string
      /** A block is good until `blocksInTurn` more have been asked for. Throws where the rows cannot be had to the end: what came is then not whole. */
      readonly blocks: AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>
      /** For a reader that goes away: the statement ends. */
      readonly stop: () => Promise<void>
    }

export type ExportDeps = Pick<Service, 'db' | 'epoch' | 'lists' | 'now' | 'log'> & { readonly copies: Copies }

export type ExportPlan = {
  readonly what: 'subscribers' | 'departures'
  readonly header: readonly string[]
  /** Places in the header of the columns that hold times. */
  readonly times: readonly number[]
  readonly link: RowShape['link']
  readonly statement: (list: List, since: Since) => string
}

export async function beginExport(
  deps: ExportDeps,
  input: ExportInput,
  plan: ExportPlan,
): Promise<ExportOutcome> {
  const list = await deps.lists.find(input.slug)
  if (list === null) return { kind: 'unknown-list' }
  const asked = { since: input.since, listId: list.id, epoch: deps.epoch }
  const since = readSince(asked)
  if (since === null) return { kind: 'bad-since' }
  if (input.isHead) return { kind: 'none' }
  const snapshot = await openSnapshot(deps)
  if (snapshot === null) return { kind: 'busy' }
  try {
    const detail = { list: list.slug, what: plan.what, format: input.format, since: input.since }
    await recordAct(deps.db, { type: 'exported', at: deps.now(), detail })
    const chunks = snapshot.copy(plan.statement(list, sinceIn(snapshot, since)))
    // A statement that cannot run is an answer, and not a broken stream.
    const first = await chunks.next()
    const source = { chunks, first, snapshot, isStopped: false }
    return {
      kind: 'rows',
      next: nextCursor(snapshot, asked),
      blocks: blocksOf(deps, { source, plan, input }),
      stop() {
        source.isStopped = true
        return snapshot.close()
      },
    }
  } catch (error) {
    await snapshot.close()
    throw error
  }
}

async function openSnapshot(deps: ExportDeps): Promise<Snapshot | null> {
  try {
    return await deps.copies.open()
  } catch (error) {
    if (error instanceof TooManyExports) return null
    throw error
  }
}

type Source = {
  readonly chunks: AsyncGenerator<Buffer, void, void>
  readonly first: IteratorResult<Buffer, void>
  readonly snapshot: Snapshot
  isStopped: boolean
}

async function* blocksOf(
  deps: Pick<Service, 'log'>,
  { source, plan, input }: { source: Source; plan: ExportPlan; input: ExportInput },
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const shape = input.format === 'csv' ? csvShape : jsonShape
  const pass = openRowPass({ ...shape, times: input.format === 'csv' ? plan.times : [], link: plan.link })
  try {
    if (input.format === 'csv') yield Buffer.from(`${plan.header.join(',')}\r\n`)
    for (let next = source.first; next.done !== true; next = await source.chunks.next())
      yield* pass.take(next.value)
    const last = pass.end()
    if (last.length > 0) yield last
  } catch (error) {
    if (!source.isStopped) deps.log.warn('export-broken', { list: input.slug, what: plan.what, error })
    throw error
  } finally {
    await source.snapshot.close()
  }
}
