// Which proofs of work were used. A row lives as long as its challenge would be good, and says nothing about anybody.
import { sql } from 'kysely'
import type { Db } from './open-database.ts'

/** More than come in at once, so that the table stays as small as what ten minutes bring. */
const forgottenAtOnce = 10
/** The clocks of two processes may differ. */
const graceMs = 60_000

/** False when it was used before, by whichever process. */
export async function spendProof(
  db: Db,
  proof: { nonce: Buffer; expiresAt: Date },
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    with old as (
      select nonce from spent_proofs where expires_at <= ${new Date(now.getTime() - graceMs)}
      order by expires_at limit ${sql.lit(forgottenAtOnce)} for update skip locked
    ), gone as (
      delete from spent_proofs where nonce = any(array(select nonce from old))
    )
    insert into spent_proofs (nonce, expires_at) values (${proof.nonce}, ${proof.expiresAt})
    on conflict (nonce) do nothing returning true as taken`.execute(db)
  return rows.length === 1
}
