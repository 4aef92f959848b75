// People of every kind that a signup may meet, made straight in the database by the statements that make them in life:
// for measuring, where thousands are needed.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { readAddress } from '../../src/core/address.ts'
import { hashAddress } from '../../src/core/hash-address.ts'
import { readInstallation } from '../../src/store/installation.ts'
import type { Db } from '../../src/store/open-database.ts'
import { entry, noLimits, record } from './signup-entries.ts'

export type KnownKind = 'repeat' | 'already' | 'limited' | 'declined' | 'bounced'

const domain = 'example.org'
const inOneStatement = 100
/** None, but counted for a day. */
const limits = { ...noLimits, perMailbox: { count: 1_000, seconds: 24 * 3_600 } }

/**
 * So many of each kind, for a service with LETTERS_PER_LIST=off and LETTERS_PER_MAILBOX=`perMailbox`/24h. Whoever is
 * `limited` has had that many letters, everybody else one at most.
 */
export async function makeKnownPeople(
  db: Db,
  count: number,
  perMailbox: number,
): Promise<Record<KnownKind, string[]>> {
  const { addressKey } = await readInstallation(db)
  const name = () => `${randomUUID()}@${domain}`
  const people = { repeat: names(), already: names(), limited: names(), declined: names(), bounced: names() }
  function names(): string[] {
    return Array.from({ length: count }, name)
  }

  async function signUp(emails: readonly string[]): Promise<void> {
    for (let at = 0; at < emails.length; at += inOneStatement) {
      await record(
        db,
        emails.slice(at, at + inOneStatement).map((email) => entry(email, hashesOf(email))),
        { limits },
      )
    }
  }
  function hashesOf(email: string) {
    const reading = readAddress(email)
    if (reading.kind === 'invalid') throw new Error(`${email} is no address`)
    const { key, mailbox } = reading.address
    return {
      addressHash: hashAddress(addressKey, 'address', key),
      mailboxHash: hashAddress(addressKey, 'mailbox', mailbox),
    }
  }
  const hashes = (emails: readonly string[]) => emails.map((email) => hashesOf(email).addressHash)

  for (const emails of Object.values(people)) await signUp(emails)
  for (let n = 1; n < perMailbox; n++) await signUp(people.limited)
  await sql`update letters set state = 'sent', sent_at = now(), ended_at = now() where state = 'queued'`.execute(
    db,
  )
  await sql`
    update signups s set status = 'confirmed', confirmed_at = now(), expires_at = null,
      confirmed_by = (select id from letters where signup_id = s.id limit 1), confirmed_xid = pg_current_xact_id()
    where address_hash = any(${hashes(people.already)})`.execute(db)
  await sql`
    update signups set status = 'declined', reason = 'not-me', ended_at = now(), expires_at = null
    where address_hash = any(${hashes(people.declined)})`.execute(db)
  await sql`
    update addresses set declined_at = now(), declined_until = now() + interval '180 days', declined_why = 'not-me'
    where hash = any(${hashes(people.declined)})`.execute(db)
  await sql`
    update signups set status = 'invalid', reason = 'mailbox-does-not-exist', ended_at = now(), expires_at = null
    where address_hash = any(${hashes(people.bounced)})`.execute(db)
  await sql`
    update addresses set bounced_at = now(), bounced_until = now() + interval '1 day', bounce_wait_seconds = 86400,
      bounce_category = 'mailbox-does-not-exist'
    where hash = any(${hashes(people.bounced)})`.execute(db)
  await sql`analyze`.execute(db)
  return people
}
