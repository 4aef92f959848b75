// Waves of refusals: begun, ended, shown. Letters that are held for one are in store/held-letters.ts, its undoing in
// store/undo-waves.ts.
import { type Selectable, sql } from 'kysely'
import type { Db } from './open-database.ts'
import type { Schema } from './schema.ts'

export type WaveRow = Selectable<Schema['waves']>
export type WaveEnd = 'fell-back' | 'trial' | 'resumed' | 'undone'

export type NewWave = Pick<
  WaveRow,
  'id' | 'kind' | 'subject' | 'domains' | 'began_at' | 'noticed_at' | 'numbers'
>

/** False where another process has raised it. */
export async function beginWave(db: Db, wave: NewWave): Promise<boolean> {
  const row = await db
    .insertInto('waves')
    .values({ ...wave, numbers: JSON.stringify(wave.numbers) })
    // literally: a prepared statement that is planned for any value finds no index for this one
    .onConflict((conflict) =>
      conflict.columns(['kind', 'subject']).where('state', '=', sql.lit<'open'>('open')).doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** More domains of the same provider, as they refuse. */
export async function addDomains(db: Db, id: string, domains: readonly string[]): Promise<void> {
  await sql`
    update waves set domains = array(select distinct unnest(domains || ${[...domains]}::text[]))
    where id = ${id} and state = 'open'`.execute(db)
}

/** False where it was not open any more. */
export async function endWave(db: Db, id: string, end: { at: Date; why: WaveEnd }): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('waves')
    .set({ state: 'over', ended_at: end.at, ended_why: end.why })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Open ones, and those that ended after `since`. */
export async function readWaves(db: Db, since: Date): Promise<WaveRow[]> {
  return db
    .selectFrom('waves')
    .selectAll()
    .where((e) => e.or([e('state', '=', 'open'), e('ended_at', '>', since)]))
    .orderBy('id')
    .execute()
}

export async function readOpenWaves(db: Db): Promise<WaveRow[]> {
  return db.selectFrom('waves').selectAll().where('state', '=', 'open').orderBy('id').execute()
}

export async function findWave(db: Db, id: string): Promise<WaveRow | null> {
  return (await db.selectFrom('waves').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Newest first: a UUIDv7 sorts by time. */
export async function listWaves(
  db: Db,
  page: { limit: number; before: string | null; state: WaveRow['state'] | null },
): Promise<WaveRow[]> {
  let query = db.selectFrom('waves').selectAll().orderBy('id', 'desc').limit(page.limit)
  if (page.before !== null) query = query.where('id', '<', page.before)
  if (page.state !== null) query = query.where('state', '=', page.state)
  return query.execute()
}

export async function deleteWaves(db: Db, endedBefore: Date): Promise<void> {
  await sql`
    delete from waves where ended_at <= ${endedBefore}
      and (undo_asked_at is null or undo_done_at is not null)`.execute(db)
}

/** The letter did not go out after all: another may try. */
export async function giveTrialBack(db: Db, id: string, letterId: string): Promise<void> {
  await db
    .updateTable('waves')
    .set({ trial_at: null, trial_letter: null })
    .where('id', '=', id)
    .where('trial_letter', '=', letterId)
    .execute()
}

/** True for the one letter that may find out whether refusals go on; the next may `everyMs` later. */
export async function takeTrial(
  db: Db,
  id: string,
  trial: { letterId: string; now: Date; everyMs: number },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('waves')
    .set({ trial_at: trial.now, trial_letter: trial.letterId })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where((e) =>
      e.or([e('trial_at', 'is', null), e('trial_at', '<=', new Date(trial.now.getTime() - trial.everyMs))]),
    )
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}
