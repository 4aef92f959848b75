// The letters that wait: claimed with a lease, given back, or recorded as gone. The letter's row is the queue
// entry, and a claim is nothing but a due time in the future with a name on it.
import { CompiledQuery, sql } from 'kysely'
import type { SignupStatus } from '../core/signup-states.ts'
import type { Db } from './open-database.ts'
import type { LetterKind } from './schema.ts'
import { plannedAnew } from './statements.ts'

export type ClaimedLetter = {
  readonly id: string
  readonly signupId: string
  readonly listId: number
  readonly kind: LetterKind
  readonly recipient: string
  readonly locale: string
  readonly keyId: string
  readonly signupKeyId: string
  readonly attempts: number
  readonly createdAt: Date
  /** when it was first refused for now; null while it was not */
  readonly firstTriedAt: Date | null
  readonly consentVersion: number
  readonly source: string | null
  /** from where the form was sent that caused this letter; null where that is not known, or the admin asked for it */
  readonly client: string | null
  readonly signupStatus: SignupStatus
  readonly expiresAt: Date | null
  /** the owner of the address has asked for no letters */
  readonly declined: boolean
  /** the mailbox turned out not to exist after this letter was written */
  readonly suppressed: boolean
}

/** Wakes the senders of all processes. Writes nothing, so that it waits for no disk. */
export async function tellLettersDue(db: Db): Promise<void> {
  await sql`select pg_notify('ayes_due', '')`.execute(db)
}

// A letter from before the bounce of another is stopped by it; one that the admin asked for since is not.
const claimedColumns = `l.id, l.signup_id as "signupId", s.list_id as "listId", l.kind, l.recipient, l.locale,
  l.key_id as "keyId", s.key_id as "signupKeyId", l.attempts, l.created_at as "createdAt",
  l.first_tried_at as "firstTriedAt", s.consent_version as "consentVersion", s.source, s.status as "signupStatus",
  (select e.client from events e where e.signup_id = l.signup_id and e.letter_id = l.id order by e.id limit 1) as client,
  s.expires_at as "expiresAt", coalesce(a.declined_until > $1, false) as declined,
  coalesce(a.bounced_until > $1 and l.created_at < a.bounced_at, false) as suppressed`

/** A claimed letter as it is now; null if it is not there or not ours any more. */
export async function lookAgain(
  db: Db,
  letter: ClaimedLetter,
  claim: { name: string; now: Date },
): Promise<ClaimedLetter | null> {
  const result = await db.executeQuery<ClaimedLetter>(
    CompiledQuery.raw(
      `select ${claimedColumns} from letters l join signups s on s.id = l.signup_id
        left join addresses a on a.hash = s.address_hash
      where l.id = $2 and l.claim = $3 and l.state = 'queued'`,
      [claim.now, letter.id, claim.name],
    ),
  )
  return result.rows[0] ?? null
}

/** Takes up to `limit` due letters until `until`; another process skips what is taken. */
export async function claimLetters(
  db: Db,
  claim: { name: string; limit: number; now: Date; until: Date },
): Promise<ClaimedLetter[]> {
  const result = await db.executeQuery<ClaimedLetter>(
    CompiledQuery.raw(
      `${plannedAnew}with due as (
        select id from letters where state = 'queued' and due_at <= $1
        order by due_at limit $2 for update skip locked
      )
      update letters l set claim = $3, due_at = $4
      from due, signups s left join addresses a on a.hash = s.address_hash
      where l.id = due.id and s.id = l.signup_id
      returning ${claimedColumns}`,
      [claim.now, claim.limit, claim.name, claim.until],
    ),
  )
  return result.rows
}

/** While the relay thinks, the claim lives on: a letter that takes long is not taken for a lost one. */
export async function renewClaims(
  db: Db,
  name: string,
  letterIds: readonly string[],
  until: Date,
): Promise<void> {
  if (letterIds.length === 0) return
  // A letter whose row is locked is being recorded: to wait for it with others in hand would be a deadlock.
  await sql`
    update letters set due_at = ${until} where id in (
      select id from letters where claim = ${name} and id = any(${letterIds}::uuid[]) for no key update skip locked
    )`.execute(db)
}

export type Acceptance = { readonly letterId: string; readonly reply: string; readonly at: Date }

/** Records letters that the relay has taken, all in one statement; a confirmation link lives from here on. */
export async function recordAccepted(db: Db, accepted: readonly Acceptance[], confirmWithinSeconds: number) {
  await db.executeQuery(
    CompiledQuery.raw(
      `${plannedAnew}with gone as (
        select * from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as t(id, reply, at)
      ), alive as materialized (
        select g.* from gone g join letters l on l.id = g.id join signups s on s.id = l.signup_id
        where l.state = 'queued' order by s.list_id, s.address_hash for no key update of s
      ), letter as (
        -- sorted, so that all signups are locked before the first letter
        update letters l set state = 'sent', claim = null, sent_at = g.at, ended_at = g.at,
          attempts = l.attempts + 1, reply = g.reply, reason = null
        from (select * from alive order by id) g where l.id = g.id and l.state = 'queued'
        returning l.id, l.signup_id, l.kind, l.created_at, l.attempts, l.held_by, g.reply, g.at
      ), signup as (
        update signups s set expires_at = greatest(s.expires_at, l.at + $4::interval)
        from letter l where s.id = l.signup_id and s.status = 'pending' and l.kind = 'confirmation'
      ), event as (
        insert into events (signup_id, letter_id, type, at, detail)
        select signup_id, id, 'letter-sent', at, jsonb_build_object('reply', reply) from letter
      )
      -- how long it took, unless it was put off or held
      select pg_notify('ayes_letter', id::text || case when attempts > 1 or held_by is not null then '' else ' ' ||
        greatest(0, least(extract(epoch from at - created_at) * 1000, 1e9))::int::text end) from letter`,
      [
        accepted.map((one) => one.letterId),
        accepted.map((one) => one.reply),
        accepted.map((one) => one.at),
        `${confirmWithinSeconds} seconds`,
      ],
    ),
  )
}

/** The relay was in trouble and said nothing about the address: the letter waits and no attempt is counted. */
export async function releaseLetters(
  db: Db,
  name: string,
  letterIds: readonly string[],
  dueAt: Date,
): Promise<void> {
  if (letterIds.length === 0) return
  await sql`
    update letters set claim = null, due_at = ${dueAt}
    where claim = ${name} and id = any(${letterIds}::uuid[]) and state = 'queued'`.execute(db)
}

/** The signup before its letter, as everywhere: a report or a click at the same time waits, or is waited for. */
function lockedSignup(letterId: string) {
  return sql`locked as materialized (
    select id from signups where id = (select signup_id from letters where id = ${letterId}) for no key update
  )`
}

/** Refused for now: the attempt counts, and the letter is tried again at `dueAt`. */
export async function deferLetter(
  db: Db,
  letterId: string,
  deferred: { at: Date; dueAt: Date; reply: string; status: string | null },
): Promise<void> {
  await sql`
    with ${lockedSignup(letterId)}, letter as (
      update letters set claim = null, due_at = ${deferred.dueAt}, attempts = attempts + 1,
        reply = ${deferred.reply}, status = ${deferred.status}, reason = 'temporary',
        first_tried_at = coalesce(first_tried_at, ${deferred.at})
      where id = ${letterId} and state = 'queued' and signup_id in (select id from locked)
      returning id, signup_id
    ), event as (
      insert into events (signup_id, letter_id, type, at, detail)
      select signup_id, id, 'letter-deferred', ${deferred.at}::timestamptz,
        jsonb_build_object('reply', ${deferred.reply}::text, 'next', ${deferred.dueAt.toISOString()}::text) from letter
    )
    select pg_notify('ayes_letter', id::text) from letter`.execute(db)
}

/** Its signup is not what the letter is about any more: it does not go out. One still pending then ends in time. */
export async function dropLetter(
  db: Db,
  letterId: string,
  dropped: { at: Date; why: string; expiresAt: Date },
): Promise<void> {
  const { at, why, expiresAt } = dropped
  await sql`
    with ${lockedSignup(letterId)}, letter as (
      update letters set state = 'dropped', claim = null, ended_at = ${at}, reason = ${why}
      where id = ${letterId} and state = 'queued' and signup_id in (select id from locked)
      returning id, signup_id
    ), signup as (
      update signups set expires_at = coalesce(expires_at, ${expiresAt}::timestamptz)
      where id in (select id from locked) and status = 'pending'
    )
    insert into events (signup_id, letter_id, type, at, detail)
    select signup_id, id, 'letter-dropped', ${at}::timestamptz, jsonb_build_object('why', ${why}::text) from letter
  `.execute(db)
}

/** How many letters wait and since when the oldest does that is not held, for metrics. */
export async function countDueLetters(db: Db): Promise<{ due: number; oldestCreatedAt: Date | null }> {
  const row = await db
    .selectFrom('letters')
    .select((e) => [
      e.fn.countAll<string>().as('due'),
      e.fn.min('created_at').filterWhere('held_by', 'is', null).as('oldest'),
    ])
    .where('state', '=', 'queued')
    .executeTakeFirstOrThrow()
  return { due: Number(row.due), oldestCreatedAt: row.oldest }
}
