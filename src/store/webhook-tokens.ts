// Which signed tokens of providers were seen, and with what: hashes only, nothing of a person.
import { sql } from 'kysely'
import type { Db } from './open-database.ts'

/** Longer than any provider tries again. */
const keptMs = 2 * 86_400_000
/** More than come in at once, so that the table stays as small as what two days bring. */
const forgottenAtOnce = 10

export type SeenToken = { readonly token: Buffer; readonly content: Buffer }

/** False when the token was seen with something else. */
export async function takeToken(db: Db, seen: SeenToken, at: Date): Promise<boolean> {
  await sql`
    with old as (
      select token from webhook_tokens where taken_at < ${new Date(at.getTime() - keptMs)}
      order by taken_at limit ${sql.lit(forgottenAtOnce)} for update skip locked
    ), gone as (
      delete from webhook_tokens where token = any(array(select token from old))
    )
    insert into webhook_tokens (token, content, taken_at) values (${seen.token}, ${seen.content}, ${at})
    on conflict (token) do nothing`.execute(db)
  return wasTaken(db, seen)
}

/** True when the token was seen with the very same. */
export async function wasTaken(db: Db, seen: SeenToken): Promise<boolean> {
  const row = await db
    .selectFrom('webhook_tokens')
    .select('content')
    .where('token', '=', seen.token)
    .executeTakeFirst()
  return row?.content.equals(seen.content) ?? false
}

/** Whether every one of these reports was taken before. */
export async function areReportsKnown(db: Db, fingerprints: readonly Buffer[]): Promise<boolean> {
  const { rows } = await sql<{ known: string }>`
    select count(*) as known from bounces where fingerprint = any(${fingerprints})`.execute(db)
  return Number(rows[0]?.known ?? 0) === new Set(fingerprints.map((one) => one.toString('hex'))).size
}
