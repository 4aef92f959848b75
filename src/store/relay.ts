import { sql } from 'kysely'
import type { Db } from './open-database.ts'

/** The latest trouble: since when, what the relay said while it lasts, and until when if it is over. */
export type RelayState = {
  readonly troubleSince: Date | null
  /** null while all is well */
  readonly trouble: string | null
  readonly recoveredAt: Date | null
}

/** A sender in trouble says so again at least every half minute: trouble of which nobody speaks is over. */
const lapsesAfterMs = 2 * 60 * 1000

export async function readRelay(db: Db, now: Date): Promise<RelayState> {
  const row = await db
    .selectFrom('relay')
    .select(['trouble_since as troubleSince', 'trouble', 'seen_at as seenAt', 'recovered_at as recoveredAt'])
    .executeTakeFirst()
  if (row === undefined) return { troubleSince: null, trouble: null, recoveredAt: null }
  const { troubleSince, trouble, seenAt, recoveredAt } = row
  const lapsed = seenAt === null ? null : new Date(seenAt.getTime() + lapsesAfterMs)
  if (trouble !== null && lapsed !== null && lapsed <= now) {
    return { troubleSince, trouble: null, recoveredAt: lapsed }
  }
  return { troubleSince, trouble, recoveredAt }
}

export async function recordRelayTrouble(db: Db, at: Date, reply: string): Promise<void> {
  await sql`
    update relay set trouble_since = case when trouble is null then ${at}::timestamptz else trouble_since end,
      trouble = ${reply.slice(0, 1000)}, seen_at = ${at}`.execute(db)
}

/** Its beginning is kept: whoever signed up before it was not kept waiting by it. */
export async function recordRelayRecovered(db: Db, at: Date): Promise<void> {
  await sql`update relay set trouble = null, recovered_at = ${at} where trouble is not null`.execute(db)
}
