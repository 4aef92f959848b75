// Everything that is kept about one person, found and erased. Locks are taken in the order address, mailbox, signup,
// letter, like everywhere, so that a click, a bounce or a sending result at the same time comes before or after.
import { sql } from 'kysely'
import type { Db, Trx } from './open-database.ts'
import type { AddressRow } from './signups.ts'

export type DepartureRecord = {
  readonly list: string
  readonly email: string
  readonly leftAt: Date
  readonly why: string
}

/** Not the erased ones: those are kept for whoever copies the list, and for nothing else. */
export async function readDepartures(db: Db, hash: Buffer): Promise<DepartureRecord[]> {
  return db
    .selectFrom('departures as d')
    .innerJoin('lists as l', 'l.id', 'd.list_id')
    .select(['l.slug as list', 'd.email', 'd.left_at as leftAt', 'd.why'])
    .where('d.address_hash', '=', hash)
    .where('d.why', '<>', 'erased')
    .orderBy('d.id')
    .execute()
}

export type BounceRecord = {
  readonly id: string
  readonly receivedAt: Date
  readonly door: string
  readonly category: string | null
  readonly status: string | null
  readonly reply: string | null
  readonly recipient: string | null
  readonly matched: boolean
}

/** Reports about the person's letters, and unmatched ones that mention the address. */
export async function readBouncesOf(
  db: Db,
  person: { signupIds: readonly string[]; spellings: readonly string[] },
): Promise<BounceRecord[]> {
  const { rows } = await sql<BounceRecord>`
    select id, received_at as "receivedAt", door, category, status, reply, recipient, signup_id is not null as matched
    from bounces
    where signup_id = any(${person.signupIds}::uuid[])
      or (signup_id is null and ${mentions(person.spellings)})
    order by received_at, id`.execute(db)
  return rows
}

/**
 * `encode(…, 'escape')` turns bytes of any kind into text, byte by byte, so that the search knows no broken UTF-8.
 * The collation keeps lower() to ASCII letters, as the rule for equal addresses does. Without the line breaks and the
 * soft ones of quoted-printable, an address that stands across two lines is found as well.
 */
function mentions(spellings: readonly string[]) {
  const folded = sql`lower(encode(convert_to(spelling, 'UTF8'), 'escape') collate "C")`
  const oneLine = sql`replace(replace(replace(replace(encode(coalesce(raw, ''), 'escape'),
    E'=\\r\\n', ''), E'=\\n', ''), E'\\r', ''), E'\\n', '')`
  const kept = sql`lower((${oneLine} || ' ' || encode(convert_to(
    coalesce(recipient, '') || ' ' || coalesce(reply, ''), 'UTF8'), 'escape')) collate "C")`
  return sql<boolean>`exists (
    select from unnest(${spellings}::text[]) as spelling where position(${folded} in ${kept}) > 0)`
}

/** Reports of nobody's letters may be large and many: searched before anything is locked. */
export async function eraseUnmatched(
  trx: Trx,
  found: { spellings: readonly string[]; since: Date | null },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from bounces where signup_id is null
      and (${found.since}::timestamptz is null or received_at >= ${found.since}) and ${mentions(found.spellings)}
  `.execute(trx)
  return Number(numAffectedRows ?? 0)
}

/** Signups with their letters, events and reports. The address is locked. */
export async function eraseSignups(trx: Trx, hash: Buffer): Promise<number> {
  await sql`select from signups where address_hash = ${hash} order by list_id, id for update`.execute(trx)
  await sql`
    select from letters where signup_id in (select id from signups where address_hash = ${hash})
    order by id for update`.execute(trx)
  await sql`delete from bounces where signup_id in (select id from signups where address_hash = ${hash})`.execute(
    trx,
  )
  const { numDeletedRows } = await trx
    .deleteFrom('signups')
    .where('address_hash', '=', hash)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

/**
 * Whoever copies a list must learn that the person is gone: one row for each list that the person is on, and earlier
 * departures stay as long as those. The address is locked and the signups are still there.
 */
export async function turnIntoErased(
  trx: Trx,
  person: { hash: Buffer; at: Date; keptAfter: Date },
): Promise<void> {
  const { hash, at, keptAfter } = person
  await sql`delete from departures where address_hash = ${hash} and left_at <= ${keptAfter}`.execute(trx)
  await sql`update departures set why = 'erased' where address_hash = ${hash} and why <> 'erased'`.execute(
    trx,
  )
  await sql`
    insert into departures (list_id, signup_id, address_hash, email, left_at, why)
    select list_id, id, address_hash, email, ${at}, 'erased' from signups
    where address_hash = ${hash} and status = 'confirmed'`.execute(trx)
}

/** A suppression in force stays, as a hash without the address; everything else goes. */
export async function eraseAddress(trx: Trx, address: AddressRow, now: Date): Promise<void> {
  const isSuppressed =
    (address.bounced_until !== null && address.bounced_until > now) ||
    (address.declined_until !== null && address.declined_until > now)
  if (isSuppressed) {
    await trx
      .updateTable('addresses')
      .set({ email: null, bounce_reply: null })
      .where('hash', '=', address.hash)
      .execute()
  } else await trx.deleteFrom('addresses').where('hash', '=', address.hash).execute()
}

/** That one of its spellings is declined stays, like the suppression itself. */
export async function eraseMailbox(trx: Trx, hash: Buffer, now: Date): Promise<void> {
  await sql`
    update mailboxes set recent = '{}', recent_lists = '{}' where hash = ${hash} and declined_until > ${now}`.execute(
    trx,
  )
  await sql`
    delete from mailboxes where hash = ${hash} and (declined_until is null or declined_until <= ${now})`.execute(
    trx,
  )
}

/** Going through the reports of a whole installation may take longer than other statements are given. */
export async function allowTime(trx: Trx, seconds: number): Promise<void> {
  await sql`select set_config('statement_timeout', ${`${seconds}s`}, true)`.execute(trx)
}
