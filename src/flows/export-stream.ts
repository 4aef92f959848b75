// What both exports share: begin in a snapshot, make the cursor before the first byte, then rows as they come.
import type { RowShape } from '../core/export/row-pass.ts'
import { csvShape, jsonShape, openRowPass } from '../core/export/row-pass.ts'
import type { ExportFormat, Since } from '../store/copy-formats.ts'
import type { Copies, Snapshot } from '../store/copy-out.ts'
import { recordAct } from '../store/events.ts'
import type { List } from './lists.ts'
import type { Service } from './service.ts'
import { nextCursor, readSince, sinceIn } from './since.ts'

export type { ExportFormat } from '../store/copy-formats.ts'

export type ExportInput = {
  readonly slug: string
  readonly format: ExportFormat
  /** a time, the cursor of an earlier export, or null */
  readonly since: string | null
}

export type ExportOutcome =
  | { readonly kind: 'unknown-list' | 'bad-since' }
  | {
      readonly kind: 'rows'
      /** names where the next export goes on */
      readonly next: string
      /** Throws where the rows cannot be had to the end: what came is then not whole. */
      readonly blocks: AsyncGenerator<Uint8Array, void, void>
    }

export type ExportDeps = Pick<Service, 'db' | 'epoch' | 'lists' | 'now' | 'log'> & { readonly copies: Copies }

export type ExportPlan = {
  readonly what: 'subscribers' | 'departures'
  readonly header: readonly string[]
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
  const detail = { list: list.slug, what: plan.what, format: input.format, since: input.since }
  await recordAct(deps.db, { type: 'exported', at: deps.now(), detail })
  const snapshot = await deps.copies.open()
  const chunks = snapshot.copy(plan.statement(list, sinceIn(snapshot, since)))
  return {
    kind: 'rows',
    next: nextCursor(snapshot, asked),
    blocks: await begun(deps, { chunks, snapshot, plan, input }),
  }
}

type Begun = {
  readonly chunks: AsyncGenerator<Buffer, void, void>
  readonly snapshot: Snapshot
  readonly plan: ExportPlan
  readonly input: ExportInput
}

/** Waits for the first rows, so that a statement that cannot run is an answer and not a broken stream. */
async function begun(deps: ExportDeps, one: Begun): Promise<AsyncGenerator<Uint8Array, void, void>> {
  try {
    const first = await one.chunks.next()
    return blocksOf(deps, one, first)
  } catch (error) {
    await one.snapshot.close()
    throw error
  }
}

async function* blocksOf(
  deps: Pick<Service, 'log'>,
  { chunks, snapshot, plan, input }: Begun,
  first: IteratorResult<Buffer, void>,
): AsyncGenerator<Uint8Array, void, void> {
  const shape = input.format === 'csv' ? csvShape : jsonShape
  const pass = openRowPass({ ...shape, link: plan.link })
  try {
    if (input.format === 'csv') yield Buffer.from(`${plan.header.join(',')}\r\n`)
    for (let next = first; next.done !== true; next = await chunks.next()) yield* pass.take(next.value)
    const last = pass.end()
    if (last.length > 0) yield last
  } catch (error) {
    deps.log.warn('export-broken', { list: input.slug, what: plan.what, error })
    throw error
  } finally {
    await chunks.return()
    await snapshot.close()
  }
}
