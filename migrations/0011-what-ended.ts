// Signups that ended go after a month, unsubscribed ones after years: in one index by time each look for what is due
// read all the unsubscribed first. And spellings of a mailbox are declined one by one, so its row says which: one that is
// undone leaves the others.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index signups_ended_soon on signups (ended_at)
      where ended_at is not null and status <> 'unsubscribed'`.execute(db)
  await sql`create index signups_unsubscribed on signups (ended_at) where status = 'unsubscribed'`.execute(db)
  await sql`drop index signups_ended`.execute(db)
  await sql`create index departures_left on departures (left_at)`.execute(db)
  await sql`alter table mailboxes add column declined_hashes bytea[] not null default '{}'`.execute(db)
}
