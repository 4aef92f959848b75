import { sql } from 'kysely'
import type { Db } from './open-database.ts'

export type RelayState = {
  readonly troubleSince: Date | null
  readonly trouble: string | null
  readonly recoveredAt: Date | null
}

export async function readRelay(db: Db): Promise<RelayState> {
  const row = await db
    .selectFrom('relay')
    .select(['trouble_since as troubleSince', 'trouble', 'recovered_at as recoveredAt'])
    .executeTakeFirst()
  return row ?? { troubleSince: null, trouble: null, recoveredAt: null }
}

export async function recordRelayTrouble(db: Db, at: Date, reply: string): Promise<void> {
  await sql`
    update relay set trouble_since = coalesce(trouble_since, ${at}), trouble = ${reply.slice(0, 1000)}`.execute(
    db,
  )
}

export async function recordRelayRecovered(db: Db, at: Date): Promise<void> {
  await sql`
    update relay set trouble_since = null, trouble = null, recovered_at = ${at}
    where trouble_since is not null`.execute(db)
}
