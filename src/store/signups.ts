// One signup at a time: found, locked, and led to its next state. Locks are taken in the order address, signup.
import { type Selectable, sql } from 'kysely'
import type { SignupStatus } from '../core/signup-states.ts'
import type { Db, Trx } from './open-database.ts'
import type { Schema } from './schema.ts'

export type SignupRow = Selectable<Schema['signups']>
export type LetterRow = Selectable<Schema['letters']>
export type AddressRow = Selectable<Schema['addresses']>

export type SignupWithLetter = { readonly signup: SignupRow; readonly letter: LetterRow }

export async function findSignup(db: Db, id: string): Promise<SignupRow | null> {
  return (await db.selectFrom('signups').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function findLetter(db: Db, id: string): Promise<LetterRow | null> {
  return (await db.selectFrom('letters').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function findByLetter(db: Db, letterId: string): Promise<SignupWithLetter | null> {
  const letter = await findLetter(db, letterId)
  if (letter === null) return null
  const signup = await findSignup(db, letter.signup_id)
  return signup === null ? null : { signup, letter }
}

/** The signup as it is now, with nobody else able to change it or its address until the transaction ends. */
export async function lockSignup(
  trx: Trx,
  id: string,
): Promise<{ signup: SignupRow; address: AddressRow } | null> {
  const found = await trx.selectFrom('signups').select('address_hash').where('id', '=', id).executeTakeFirst()
  if (found === undefined) return null
  const address = await lockAddress(trx, found.address_hash)
  const signup = await trx
    .selectFrom('signups')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (signup !== undefined) return { signup, address }
  await forgetEmptyAddress(trx, found.address_hash)
  return null
}

/** Whoever waited here while the person was erased must not leave a row behind that the lock has made anew. */
async function forgetEmptyAddress(trx: Trx, hash: Buffer): Promise<void> {
  await trx
    .deleteFrom('addresses')
    .where('hash', '=', hash)
    .where('bounced_until', 'is', null)
    .where('declined_until', 'is', null)
    .where((e) => e.not(e.exists(e.selectFrom('signups').select('id').where('address_hash', '=', hash))))
    .execute()
}

/** Makes the row where it is missing, so that there is always one to lock. */
export async function lockAddress(trx: Trx, hash: Buffer): Promise<AddressRow> {
  const existing = await trx
    .selectFrom('addresses')
    .selectAll()
    .where('hash', '=', hash)
    .forUpdate()
    .executeTakeFirst()
  if (existing !== undefined) return existing
  return trx
    .insertInto('addresses')
    .values({ hash, seen_at: sql`now()` })
    .onConflict((conflict) => conflict.column('hash').doUpdateSet({ hash }))
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function confirmSignup(
  trx: Trx,
  signup: SignupRow,
  by: { letter: LetterRow; at: Date; client: string | null },
): Promise<void> {
  await trx
    .updateTable('signups')
    .set({
      status: 'confirmed',
      email: by.letter.recipient,
      expires_at: null,
      // a clock that went back must not make a confirmation older than its signup
      confirmed_at: new Date(Math.max(by.at.getTime(), signup.signed_up_at.getTime())),
      confirmed_by: by.letter.id,
      confirmed_xid: sql<string>`pg_current_xact_id()`,
      confirm_client: by.client,
    })
    .where('id', '=', signup.id)
    .execute()
}

export async function endSignup(
  trx: Trx,
  id: string,
  end: { status: Exclude<SignupStatus, 'pending' | 'confirmed'>; reason: string | null; at: Date },
): Promise<void> {
  await trx
    .updateTable('signups')
    .set({ status: end.status, reason: end.reason, ended_at: end.at, expires_at: null })
    .where('id', '=', id)
    .execute()
}

export async function recordDeparture(
  trx: Trx,
  signup: SignupRow,
  left: { at: Date; why: Schema['departures']['why'] },
): Promise<void> {
  await trx
    .insertInto('departures')
    .values({
      list_id: signup.list_id,
      signup_id: signup.id,
      address_hash: signup.address_hash,
      email: signup.email,
      left_at: left.at,
      why: left.why,
    })
    .execute()
}

/** UUIDv7 sorts by time, so the newest letter is the one with the greatest id. */
export async function newestLetterId(db: Db, signupId: string): Promise<string | null> {
  const row = await db
    .selectFrom('letters')
    .select('id')
    .where('signup_id', '=', signupId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

/** Tells every process that shows this signup's letters to look again; heard when the transaction commits. */
export async function tellAboutLetters(db: Db, signupId: string): Promise<void> {
  await sql`select pg_notify('ayes_letter', id::text) from letters where signup_id = ${signupId}`.execute(db)
}
