// A database with something of everything: every state, and every table that a dump holds.
import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { signupStatuses } from '../../src/core/signup-states.ts'
import type { Db } from '../../src/store/open-database.ts'
import { bringTo, insertPending } from './rows.ts'

/** Words that COPY, JSON and CSV each write in a way of their own. */
export const awkward = 'tab\there, back\\slash, \\. "quotes" \r\n end \\N ünïcode 𝒜'

export async function fillInstallation(db: Db): Promise<void> {
  await sql`insert into lists (slug, name, consent_version, suggest_domains, allowed_origins) values ('news', ${awkward}, 1, '{acme.example}', '{https://a.example}')`.execute(
    db,
  )
  await sql`
    insert into consents (list_id, version, text) select id, 1, ${awkward} from lists where slug = 'news'`.execute(
    db,
  )
  for (const status of signupStatuses) {
    const id = await insertPending(db, { email: `${status}@example.com` })
    await sql`
      update signups set attributes = ${JSON.stringify({ awkward })}::jsonb, source = 'footer', signup_client = '192.0.2.1'
      where id = ${id}`.execute(db)
    await bringTo(db, id, status)
    await sql`
      insert into events (signup_id, letter_id, type, at, detail, client, agent)
      values (${id}, ${id}, 'signed-up', now(), ${JSON.stringify({ awkward })}::jsonb, '192.0.2.1', ${awkward})`.execute(
      db,
    )
  }
  await sql`
    insert into addresses (hash, email, seen_at, declined_at, declined_until, declined_why)
    values (${randomBytes(16)}, 'x@example.com', now(), now(), now() + interval '180 days', 'not-me')`.execute(
    db,
  )
  await sql`insert into mailboxes values (${randomBytes(16)}, array[now(), now()], array[1, 2], true)`.execute(
    db,
  )
  await sql`
    insert into departures (list_id, signup_id, address_hash, email, left_at, why)
    values (1, ${randomUUID()}, ${randomBytes(16)}, 'left@example.com', now(), 'unsubscribed')`.execute(db)
  await sql`
    insert into bounces (id, received_at, door, fingerprint, raw)
    values (${randomUUID()}, now(), 'message', ${randomBytes(32)}, ${randomBytes(5_000)})`.execute(db)
  await sql`insert into stats values (current_date, 'default', 'footer', 'example.com', 'signups', 7)`.execute(
    db,
  )
  await sql`
    insert into waves (id, kind, subject, domains, began_at, noticed_at, numbers)
    values (${randomUUID()}, 'domain', 'example.com', '{example.com}', now(), now(), '{"clients": 5}')`.execute(
    db,
  )
  await sql`insert into acts (at, type, detail) values (now(), 'exported', '{"n": 1}')`.execute(db)
  await sql`
    insert into report_letters (kind, first_day, id, state, due_at, created_at, sent_at, reply)
    values ('day', current_date, ${randomUUID()}, 'sent', now(), now(), now(), ${awkward})`.execute(db)
  await sql`insert into proven_domains (name) values ('proven.example')`.execute(db)
  await sql`
    insert into domain_witnesses values (${randomBytes(16)}, ${randomBytes(16)}, ${randomBytes(16)}, now())`.execute(
    db,
  )
  await sql`update relay set trouble = ${awkward}`.execute(db)
}

/** Every row of every table as text, sorted, but for what a restore makes new. */
export async function contentsOf(db: Db, tables: readonly string[]): Promise<Record<string, string[]>> {
  const contents: Record<string, string[]> = {}
  for (const table of tables) {
    const { rows } = await sql<{ row: string }>`
      select (to_jsonb(t) - 'epoch' - 'confirmed_xid' - 'left_xid')::text as row from ${sql.table(table)} t
      order by 1`.execute(db)
    contents[table] = rows.map(({ row }) => row)
  }
  return contents
}
