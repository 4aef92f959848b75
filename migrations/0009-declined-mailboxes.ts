// A mailbox of which one spelling is declined: its others get fewer letters. And rows of nobody's, which are written
// where a signup is not, so that its answer takes as long as another's.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table mailboxes add column declined_until timestamptz`.execute(db)
  // Some are changed instead of a signup, its letter and its event: about as many indexes and bytes.
  await sql`
    create table decoys (
      n int primary key,
      signup uuid unique,
      letter uuid unique,
      event uuid unique,
      address uuid unique,
      filler text not null
    ) with (fillfactor = 50)`.execute(db)
}
