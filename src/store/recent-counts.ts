// Counters of the last day in steps of some minutes, for what slides with the clock. They are written with the daily
// ones, by addCounts.
import { sql } from 'kysely'
import type { Db } from './open-database.ts'

export type RecentCount = { readonly at: Date; readonly metric: string; readonly n: number }

/** Sums by metric of what was counted after `since`. */
export async function sumRecent(db: Db, since: Date): Promise<Map<string, number>> {
  const { rows } = await sql<{ metric: string; n: number }>`
    select metric, sum(n)::float8 as n from recent_counts where at > ${since} group by 1`.execute(db)
  return new Map(rows.map(({ metric, n }) => [metric, n]))
}

export async function deleteRecent(db: Db, before: Date): Promise<void> {
  await sql`delete from recent_counts where at <= ${before}`.execute(db)
}

/** Since when the alarm is on; null while it is off. */
export async function readBounceAlarm(db: Db): Promise<Date | null> {
  const row = await db.selectFrom('bounce_alarm').select('since').executeTakeFirst()
  return row?.since ?? null
}

/** True for the one process that finds it otherwise: it is the one to say so. */
export async function turnBounceAlarm(db: Db, since: Date | null): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('bounce_alarm')
    .set({ since })
    .where('since', since === null ? 'is not' : 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}
