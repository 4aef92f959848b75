// People's rows that nothing needs any more. Nothing in such a row says so by itself, so they are walked through in
// the order of their hashes, some thousands a statement; a row that is in use at this moment is left for next time.
import { sql } from 'kysely'
import type { Db } from './open-database.ts'

export type Step = {
  /** Where the next step begins; null when the walk is over. */
  readonly last: Buffer | null
  readonly deleted: number
  readonly emptied: number
}

type Row = { last: Buffer | null; walked: string; deleted: string; emptied: string }

const first = Buffer.alloc(0)

function step(row: Row | undefined, atOnce: number): Step {
  const walked = Number(row?.walked ?? 0)
  return {
    last: walked < atOnce ? null : (row?.last ?? null),
    deleted: Number(row?.deleted ?? 0),
    emptied: Number(row?.emptied ?? 0),
  }
}

/**
 * Addresses without a signup. One that is suppressed keeps its row, but only as a hash; one whose bounce suppression
 * is over keeps it as long again as the suppression was, so that the next 5.1.1 still doubles the wait.
 * `seen_at` is looked at again under the lock: whoever signs up sets it in the same statement, before the signup.
 */
export async function forgetAddresses(
  db: Db,
  walk: { after: Buffer | null; now: Date; seenBefore: Date; atOnce: number },
): Promise<Step> {
  const { now } = walk
  const { rows } = await sql<Row>`
    with walked as materialized (
      select hash, email, bounce_reply, seen_at,
        coalesce(declined_until > ${now}, false)
          or coalesce(bounced_until + make_interval(secs => coalesce(bounce_wait_seconds, 0)) > ${now}, false) as kept
      from addresses where hash > ${walk.after ?? first} order by hash limit ${sql.lit(walk.atOnce)}
    ), due as materialized (
      select hash, kept from walked w
      where seen_at <= ${walk.seenBefore} and (not kept or email is not null or bounce_reply is not null)
        and not exists (select from signups s where s.address_hash = w.hash)
    ), mine as materialized (
      select hash from addresses where hash = any(array(select hash from due)) and seen_at <= ${walk.seenBefore}
      order by hash for update skip locked
    ), deleted as (
      delete from addresses where hash = any(array(select m.hash from mine m join due d on d.hash = m.hash where not d.kept))
      returning hash
    ), emptied as (
      update addresses set email = null, bounce_reply = null
      where hash = any(array(select m.hash from mine m join due d on d.hash = m.hash where d.kept))
      returning hash
    )
    select (select hash from walked order by hash desc limit 1) as last,
      (select count(*) from walked) as walked,
      (select count(*) from deleted) as deleted, (select count(*) from emptied) as emptied`.execute(db)
  return step(rows[0], walk.atOnce)
}

/** Mailboxes whose letters all lie outside every window that counts them, and of which no spelling is declined. */
export async function forgetMailboxes(
  db: Db,
  walk: { after: Buffer | null; before: Date; atOnce: number },
): Promise<Step> {
  const { rows } = await sql<Row>`
    with walked as materialized (
      select hash, recent from mailboxes where hash > ${walk.after ?? first} order by hash limit ${sql.lit(walk.atOnce)}
    ), mine as materialized (
      select hash from mailboxes m
      where hash = any(array(select hash from walked where ${walk.before} >= all (recent)))
        and ${walk.before} >= all (m.recent) and (declined_until is null or declined_until <= ${walk.before})
      order by hash for update skip locked
    ), deleted as (
      delete from mailboxes where hash = any(array(select hash from mine)) returning hash
    )
    select (select hash from walked order by hash desc limit 1) as last,
      (select count(*) from walked) as walked,
      (select count(*) from deleted) as deleted, 0 as emptied`.execute(db)
  return step(rows[0], walk.atOnce)
}
