// Entries for the group statement as a signup would make them, and what lies in the tables afterwards.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import { readAddress } from '../../src/core/address.ts'
import { hashAddress } from '../../src/core/hash-address.ts'
import type { Db } from '../../src/store/open-database.ts'
import {
  type Asker,
  recordSignups,
  type SignupEntry,
  type SignupLimits,
  type SignupOutcome,
} from '../../src/store/record-signups.ts'

const addressKey = Buffer.alloc(32, 1)

export const noLimits: SignupLimits = { perClient: null, perList: null, perMailbox: null }

export function entry(email: string, own: Partial<SignupEntry> = {}): SignupEntry {
  const reading = readAddress(email)
  if (reading.kind === 'invalid') throw new Error(`${email} is no address`)
  const { address } = reading
  return {
    signupId: randomUUIDv7(),
    letterId: randomUUIDv7(),
    listId: 1,
    consentVersion: 0,
    addressHash: hashAddress(addressKey, 'address', address.key),
    mailboxHash: hashAddress(addressKey, 'mailbox', address.mailbox),
    email: address.email,
    locale: 'en',
    source: null,
    attributes: null,
    consentAsPosted: null,
    client: null,
    clientKey: null,
    clientWideKey: null,
    agent: null,
    ignored: false,
    declinedSuggestion: null,
    disposable: false,
    ...own,
  }
}

export type Rules = { limits?: SignupLimits; asker?: Asker; now?: Date }

export async function record(
  db: Db,
  entries: readonly SignupEntry[],
  { limits = noLimits, asker = 'visitor', now = new Date() }: Rules = {},
): Promise<SignupOutcome[]> {
  return recordSignups(db, { entries, limits, asker, keyId: 'key-of-tests', now })
}

/** The kinds of the outcomes, in the order of the entries. */
export async function kinds(db: Db, entries: readonly SignupEntry[], rules: Rules = {}): Promise<string[]> {
  return (await record(db, entries, rules)).map((outcome) => outcome.kind)
}

export type Stored = {
  status: string
  email: string
  letters: { id: string; kind: string; state: string; recipient: string }[]
  events: { type: string; letter_id: string | null; detail: Record<string, unknown> | null }[]
}

/** Everything stored about the people of these entries, oldest signup first. */
export async function stored(db: Db, ...entries: readonly SignupEntry[]): Promise<Stored[]> {
  const hashes = entries.map((one) => one.addressHash)
  const { rows } = await sql<Stored>`
    select s.id, s.status, s.email,
      (select coalesce(json_agg(json_build_object('id', l.id, 'kind', l.kind, 'state', l.state, 'recipient', l.recipient)
        order by l.created_at, l.id), '[]') from letters l where l.signup_id = s.id) as letters,
      (select coalesce(json_agg(json_build_object('type', e.type, 'letter_id', e.letter_id, 'detail', e.detail)
        order by e.id), '[]') from events e where e.signup_id = s.id) as events
    from signups s where s.address_hash = any(${hashes}) order by s.signed_up_at, s.id`.execute(db)
  return rows
}

export async function makeLists(db: Db, ...slugs: readonly string[]): Promise<number[]> {
  const ids: number[] = []
  for (const slug of slugs) {
    const row = await db
      .insertInto('lists')
      .values({ slug, name: slug, locale: 'en' })
      .returning('id')
      .executeTakeFirstOrThrow()
    ids.push(row.id)
  }
  return ids
}

/** How often the server had to end a deadlock here. */
export async function deadlocks(db: Db): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(db)
  const { rows } = await sql<{ n: number }>`
    select deadlocks::int as n from pg_stat_database where datname = current_database()`.execute(db)
  return rows[0]?.n ?? 0
}
