import { sql } from 'kysely'
import type { Db, Trx } from './open-database.ts'
import type { AddressRow } from './signups.ts'

/** A mailbox that does not exist: no letter until `until`. */
export async function suppressAfterBounce(
  trx: Trx,
  hash: Buffer,
  bounce: {
    email: string
    at: Date
    until: Date
    waitSeconds: number
    category: string
    status: string | null
    reply: string | null
  },
): Promise<void> {
  await trx
    .updateTable('addresses')
    .set({
      email: bounce.email,
      bounced_at: bounce.at,
      bounced_until: bounce.until,
      bounce_wait_seconds: bounce.waitSeconds,
      bounce_category: bounce.category,
      bounce_status: bounce.status,
      bounce_reply: bounce.reply,
    })
    .where('hash', '=', hash)
    .execute()
}

/** The mailbox has proved that it exists: the next bounce begins anew with a day. */
export async function endBounceSuppression(trx: Trx, hash: Buffer): Promise<void> {
  await trx
    .updateTable('addresses')
    .set({
      bounced_at: null,
      bounced_until: null,
      bounce_wait_seconds: null,
      bounce_category: null,
      bounce_status: null,
      bounce_reply: null,
    })
    .where('hash', '=', hash)
    .execute()
}

/** The address gets no letters; other spellings of its mailbox get few. The address is locked. */
export async function suppressDeclined(
  trx: Trx,
  { hash, mailbox }: Declinable,
  declined: { email: string; at: Date; until: Date; why: 'not-me' | 'complaint' },
): Promise<void> {
  await trx
    .updateTable('addresses')
    .set({
      email: declined.email,
      declined_at: declined.at,
      declined_until: declined.until,
      declined_why: declined.why,
    })
    .where('hash', '=', hash)
    .execute()
  await sql`
    insert into mailboxes as m (hash, recent, recent_lists, granted, declined_until, declined_hashes)
    values (${mailbox}, '{}', '{}', false, ${declined.until}, array[${hash}::bytea])
    on conflict (hash) do update set declined_until = excluded.declined_until,
      declined_hashes = array_append(array_remove(m.declined_hashes, ${hash}::bytea), ${hash}::bytea)`.execute(
    trx,
  )
}

/** The mailbox gets as many letters as others when none of its spellings is declined any more. */
export async function endDeclined(trx: Trx, { hash, mailbox }: Declinable): Promise<void> {
  await trx
    .updateTable('addresses')
    .set({ declined_at: null, declined_until: null, declined_why: null })
    .where('hash', '=', hash)
    .execute()
  await sql`
    update mailboxes set declined_hashes = array_remove(declined_hashes, ${hash}::bytea),
      declined_until = case when array_remove(declined_hashes, ${hash}::bytea) <> '{}' then declined_until end
    where hash = ${mailbox}`.execute(trx)
}

/** An address, and the mailbox that its letters are counted for, by their hashes. */
export type Declinable = { readonly hash: Buffer; readonly mailbox: Buffer }

export type Suppression = {
  readonly email: string | null
  readonly hash: Buffer
  readonly reason: string
  readonly status: string | null
  readonly reply: string | null
  readonly since: Date
  readonly until: Date
}

/** Suppressions in force at `now`, by hash; `after` is the last hash of the page before. */
export async function listSuppressions(
  db: Db,
  page: { now: Date; after: Buffer | null; limit: number },
): Promise<Suppression[]> {
  let query = db
    .selectFrom('addresses')
    .selectAll()
    .where((e) => e.or([e('bounced_until', '>', page.now), e('declined_until', '>', page.now)]))
    .orderBy('hash')
    .limit(page.limit)
  if (page.after !== null) query = query.where('hash', '>', page.after)
  const rows = await query.execute()
  return rows.flatMap((row) => suppressionIn(row, page.now) ?? [])
}

/** What keeps letters from this address at `now`; of two, the owner's word. Null where nothing does. */
export function suppressionIn(row: AddressRow, now: Date): Suppression | null {
  const { email, hash } = row
  if (row.declined_at !== null && row.declined_until !== null && row.declined_until > now) {
    const reason = row.declined_why ?? 'not-me'
    return {
      email,
      hash,
      reason,
      status: null,
      reply: null,
      since: row.declined_at,
      until: row.declined_until,
    }
  }
  if (row.bounced_at === null || row.bounced_until === null || row.bounced_until <= now) return null
  return {
    email,
    hash,
    reason: row.bounce_category ?? 'mailbox-does-not-exist',
    status: row.bounce_status,
    reply: row.bounce_reply,
    since: row.bounced_at,
    until: row.bounced_until,
  }
}

export async function findAddress(db: Db, hash: Buffer) {
  return (await db.selectFrom('addresses').selectAll().where('hash', '=', hash).executeTakeFirst()) ?? null
}
