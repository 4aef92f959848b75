// Tokens that a provider's signature is good for once: what came with the first is remembered, so that the same token
// cannot carry anything else.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table webhook_tokens (
      token bytea primary key check (length(token) = 32),
      content bytea not null check (length(content) = 32),
      taken_at timestamptz not null
    )`.execute(db)
  await sql`create index webhook_tokens_taken on webhook_tokens (taken_at)`.execute(db)
}
