import { sql } from 'kysely'
import type { Db, Trx } from './open-database.ts'
import type { LetterRow } from './signups.ts'

/** Unmatched reports are kept to be looked at: this many, this long, this much of each. */
const mostUnmatched = 10_000
const mostRawBytes = 64 * 1024

export type BounceRow = {
  readonly id: string
  readonly at: Date
  readonly door: string
  readonly fingerprint: Buffer
  readonly category: string | null
  readonly status: string | null
  readonly reply: string | null
  readonly recipient: string | null
  readonly rule: string | null
  readonly forwarded: boolean
}

/** False if this very report was taken before. */
export async function recordBounce(
  trx: Trx,
  bounce: BounceRow,
  letter: { id: string; signupId: string },
): Promise<boolean> {
  return insertBounce(trx, {
    ...columns(bounce),
    letter_id: letter.id,
    signup_id: letter.signupId,
    raw: null,
  })
}

export async function recordUnmatched(db: Db, bounce: BounceRow, raw: Uint8Array | null): Promise<void> {
  const kept = raw === null ? null : Buffer.from(raw.subarray(0, mostRawBytes))
  const fresh = await insertBounce(db, { ...columns(bounce), letter_id: null, signup_id: null, raw: kept })
  if (!fresh) return
  await sql`
    delete from bounces where id in (
      select id from bounces where signup_id is null order by received_at desc, id desc offset ${mostUnmatched}
    )`.execute(db)
}

function columns(bounce: BounceRow) {
  const { at, ...rest } = bounce
  return { ...rest, received_at: at }
}

type Insertable = ReturnType<typeof columns> & {
  letter_id: string | null
  signup_id: string | null
  raw: Buffer | null
}

/** A report that was kept as nobody's counts when its letter is found after all, as when a key was missing. */
async function insertBounce(db: Db, values: Insertable): Promise<boolean> {
  const row = await db
    .insertInto('bounces')
    .values(values)
    .onConflict((conflict) =>
      values.signup_id === null
        ? conflict.column('fingerprint').doNothing()
        : conflict.column('fingerprint').doUpdateSet(values).where('bounces.signup_id', 'is', null),
    )
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Reports of these categories about the letter; its signup is locked, so that none comes meanwhile. */
export async function countBouncesOf(
  trx: Trx,
  letter: Pick<LetterRow, 'id' | 'signup_id'>,
  categories: readonly string[],
): Promise<number> {
  const { n } = await trx
    .selectFrom('bounces')
    .select((e) => e.fn.countAll<string>().as('n'))
    .where('signup_id', '=', letter.signup_id)
    .where('letter_id', '=', letter.id)
    .where('category', 'in', categories)
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** How often letters of the signup came back for good: neither complaints nor what a server puts off count. */
export async function countFailuresOf(trx: Trx, signupId: string): Promise<number> {
  const { n } = await trx
    .selectFrom('bounces')
    .select((e) => e.fn.countAll<string>().as('n'))
    .where('signup_id', '=', signupId)
    .where((e) => e.or([e('category', 'not in', ['complaint', 'temporary']), e('door', '=', 'relay')]))
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** What a bounce says about the letter itself, whatever it means for the signup. */
export async function markLetterUndeliverable(
  trx: Trx,
  letter: LetterRow,
  bounce: { at: Date; category: string; status: string | null; reply: string | null; duringSending: boolean },
): Promise<void> {
  await trx
    .updateTable('letters')
    .set({
      state: 'undeliverable',
      claim: null,
      ended_at: bounce.at,
      attempts: letter.attempts + (bounce.duringSending ? 1 : 0),
      reply: bounce.reply ?? letter.reply,
      status: bounce.status,
      reason: bounce.category,
    })
    .where('id', '=', letter.id)
    .execute()
}

/** A pending signup whose letter will not arrive has nothing to wait for: its time runs from here, if not before. */
export async function startExpiry(trx: Trx, signupId: string, expiresAt: Date): Promise<void> {
  await sql`
    update signups set expires_at = coalesce(expires_at, ${expiresAt})
    where id = ${signupId} and status = 'pending'
      and not exists (select from letters where signup_id = ${signupId} and state = 'queued')`.execute(trx)
}
