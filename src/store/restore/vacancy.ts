// A restore goes into an installation that nobody uses and that holds nothing.
import { sql } from 'kysely'
import { DumpRefusal } from '../dump/refusal.ts'
import type { Db } from '../open-database.ts'

const otherPlace = 'give an empty one: another DATA_DIR, or another database in DATABASE_URL'

/** Migrating elsewhere waits for this, and this for it: the number is that of Kysely's migrator. */
export async function lockMigrations(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(3853314791062309107)`.execute(db)
}

export async function refuseIfInUse(db: Db): Promise<void> {
  const { rows } = await sql<{ others: string }>`
    select count(*) as others from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name in ('ayes', 'ayes export')
  `.execute(db)
  if (Number(rows[0]?.others) > 0) {
    throw new DumpRefusal('a running Ayes uses the database: stop it first, and restore then')
  }
}

/** A list that somebody has set up counts as much as a signup does. */
export async function refuseIfNotEmpty(db: Db): Promise<void> {
  const { rows } = await sql<{ what: string }>`
    select what from (values
      (1, 'signups', exists (select from signups)),
      (2, 'lists of its own', exists (select from lists where slug <> 'default' or created_at <> updated_at)
        or exists (select from consents)),
      (3, 'departures', exists (select from departures)),
      (4, 'suppressed addresses', exists (select from addresses)),
      (5, 'bounces', exists (select from bounces))
    ) held (n, what, there) where there order by n limit 1`.execute(db)
  const [held] = rows
  if (held !== undefined)
    throw new DumpRefusal(`the installation is not empty, it holds ${held.what}: ${otherPlace}`)
}
