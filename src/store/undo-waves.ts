// A wave that is being undone: which reports are left to deal with, and how far it has come. That is written in the
// same transaction as each letter, so that a crash in the middle neither forgets nor repeats one.
import { sql } from 'kysely'
import type { Db, Trx } from './open-database.ts'
import { belongsTo } from './outcomes.ts'
import type { WaveRow } from './waves.ts'

/** False where it was undone before, or is not there. Its time ends now if it was open. */
export async function askUndo(db: Trx, id: string, now: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update waves set state = 'undone', undo_asked_at = ${now}, undo_due_at = ${now},
      ended_why = case when ended_at is null then 'undone' else ended_why end, ended_at = coalesce(ended_at, ${now})
    where id = ${id} and state <> 'undone'`.execute(db)
  return (numAffectedRows ?? 0n) > 0n
}

/** How many letters there are to write, as it looks now. */
export async function countRefused(db: Db, wave: WaveRow): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct s.id)::int as n
    from bounces b join letters l on l.id = b.letter_id join signups s on s.id = b.signup_id
    where ${belongsTo(wave)} and l.state = 'undeliverable'
      and ((s.status = 'invalid' and s.ended_at = b.received_at) or s.status in ('pending', 'expired'))`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

export async function noteFound(db: Db, id: string, found: number): Promise<void> {
  await db.updateTable('waves').set({ undo_found: found }).where('id', '=', id).execute()
}

export async function undoneNotDone(db: Db): Promise<WaveRow[]> {
  return db
    .selectFrom('waves')
    .selectAll()
    .where('state', '=', 'undone')
    .where('undo_done_at', 'is', null)
    .orderBy('undo_asked_at')
    .execute()
}

export type Refused = {
  readonly bounceId: string
  readonly at: Date
  readonly signupId: string
  readonly letterId: string
}

/** The next after those that were dealt with, oldest first. */
export async function nextRefused(db: Db, wave: WaveRow, limit: number): Promise<Refused[]> {
  const after = wave.undo_at ?? new Date(0)
  const afterId = wave.undo_bounce ?? '00000000-0000-0000-0000-000000000000'
  const { rows } = await sql<Refused>`
    select b.id as "bounceId", b.received_at as at, b.signup_id as "signupId", b.letter_id as "letterId"
    from bounces b join letters l on l.id = b.letter_id
    where ${belongsTo(wave)} and (b.received_at, b.id) > (${after}::timestamptz, ${afterId}::uuid)
    order by b.received_at, b.id limit ${sql.lit(limit)}`.execute(db)
  return rows
}

/** Nobody else undoes this wave until the transaction ends. Null where somebody is at it, or it is not to be done. */
export async function lockUndo(trx: Trx, id: string): Promise<WaveRow | null> {
  const row = await trx
    .selectFrom('waves')
    .selectAll()
    .where('id', '=', id)
    .where('undo_asked_at', 'is not', null)
    .where('undo_done_at', 'is', null)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row ?? null
}

export async function noteUndone(
  trx: Trx,
  wave: WaveRow,
  one: { refused: Refused; nextDueAt: Date | null },
): Promise<void> {
  await trx
    .updateTable('waves')
    .set({
      undo_at: one.refused.at,
      undo_bounce: one.refused.bounceId,
      ...(one.nextDueAt === null
        ? { undo_skipped: wave.undo_skipped + 1 }
        : { undo_sent: wave.undo_sent + 1, undo_due_at: one.nextDueAt }),
    })
    .where('id', '=', wave.id)
    .execute()
}

export async function endUndo(db: Db, id: string, at: Date): Promise<void> {
  await db
    .updateTable('waves')
    .set({ undo_done_at: at })
    .where('id', '=', id)
    .where('undo_done_at', 'is', null)
    .execute()
}

/** The letter just written for a signup waits for its turn. */
export async function putOff(trx: Trx, letter: { id: string; waveId: string; dueAt: Date }): Promise<void> {
  const { id, waveId: held_by, dueAt: due_at } = letter
  await trx.updateTable('letters').set({ due_at, held_by }).where('id', '=', id).execute()
}

/** Is the person on the list, or about to be, by another signup, or gone from it by a later one? Its address is locked. */
export async function hasOpenSignup(
  trx: Trx,
  person: { listId: number; addressHash: Buffer; not: string },
): Promise<boolean> {
  const row = await trx
    .selectFrom('signups')
    .select('id')
    .where('list_id', '=', person.listId)
    .where('address_hash', '=', person.addressHash)
    .where('id', '<>', person.not)
    .where((e) =>
      e.or([
        e('status', 'in', ['pending', 'confirmed']),
        // ids grow with time
        e('status', 'in', ['unsubscribed', 'declined']).and('id', '>', person.not),
      ]),
    )
    .executeTakeFirst()
  return row !== undefined
}
