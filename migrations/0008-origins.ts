// The sites whose forms and scripts may sign up for a list; null leaves it to the service.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table lists add column allowed_origins text[]
      check (cardinality(allowed_origins) <= 50 and array_position(allowed_origins, null) is null)`.execute(
    db,
  )
}
