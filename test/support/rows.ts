// Rows put straight into the tables, for tests of what the schema itself allows.
import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { SignupStatus } from '../../src/core/signup-states.ts'
import type { Db } from '../../src/store/open-database.ts'

export type PendingRow = { listId?: number; addressHash?: Buffer; email?: string }

/** A pending signup with one letter; the id of both is the same. */
export async function insertPending(db: Db, row: PendingRow = {}): Promise<string> {
  const id = randomUUID()
  const { listId = 1, addressHash = randomBytes(16), email = `${id}@example.com` } = row
  await sql`
    insert into signups (id, list_id, address_hash, email, status, key_id, locale, consent_version, signed_up_at)
    values (${id}, ${listId}, ${addressHash}, ${email}, 'pending', 'k', 'en', 0, now())`.execute(db)
  await sql`
    insert into letters (id, signup_id, kind, recipient, locale, key_id, due_at, created_at)
    values (${id}, ${id}, 'confirmation', ${email}, 'en', 'k', now(), now())`.execute(db)
  return id
}

/** Sets a status together with what the schema wants beside it, so that only the step itself can be refused. */
export async function makeStatus(db: Db, id: string, status: SignupStatus): Promise<void> {
  const isOpen = status === 'pending' || status === 'confirmed'
  const wasOn = status === 'confirmed' || status === 'unsubscribed'
  await sql`
    update signups set status = ${status}, reason = 'test',
      ended_at = case when ${isOpen} then null else now() end,
      confirmed_at = case when ${wasOn} then coalesce(confirmed_at, now()) end,
      confirmed_by = case when ${wasOn} then coalesce(confirmed_by, id) end,
      confirmed_xid = case when ${wasOn} then coalesce(confirmed_xid, pg_current_xact_id()) end
    where id = ${id}`.execute(db)
}

/** Leads a pending signup to a status by legal steps. */
export async function bringTo(db: Db, id: string, status: SignupStatus): Promise<void> {
  if (status === 'unsubscribed') await makeStatus(db, id, 'confirmed')
  if (status !== 'pending') await makeStatus(db, id, status)
}
