// Challenges whose proof was used: a proof of work is good once, whichever process it comes to.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table spent_proofs (
      nonce bytea primary key check (length(nonce) = 16),
      expires_at timestamptz not null
    )`.execute(db)
  await sql`create index spent_proofs_expires on spent_proofs (expires_at)`.execute(db)
}
