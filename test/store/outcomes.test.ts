// What the watch for waves asks every few seconds: by index, of however many letters.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newestRefusal, readRefusals } from '../../src/store/outcomes.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'

const letters = 30_000
let one: TestDatabase

beforeAll(async () => {
  one = await makeDatabase()
  const run = (text: string) => one.database.pool.query(text)
  await run(`
    begin;
    set local statement_timeout = 0;
    alter table signups disable trigger user;
    insert into signups (id, list_id, address_hash, email, status, reason, key_id, locale, consent_version, signup_client,
        signed_up_at, ended_at)
      select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, substr(sha256(int4send(n)), 1, 16),
        'p' || n || '@d' || n % 997 || '.example', case when n % 40 = 0 then 'invalid' else 'pending' end,
        case when n % 40 = 0 then 'mailbox-does-not-exist' end, 'k', 'en', 0,
        case when n % 3 = 0 then '2001:db8:' || to_hex(n % 65536) || '::' || to_hex(n % 9) else '192.0.2.' || n % 250 end,
        now(), case when n % 40 = 0 then now() end
      from generate_series(1, ${letters}) n;
    insert into letters (id, signup_id, kind, state, recipient, locale, key_id, due_at, created_at, sent_at, ended_at, reason)
      select id, id, 'confirmation', case when status = 'invalid' then 'undeliverable' else 'sent' end, email, 'en', 'k',
        now(), now(), now(), now() - (row_number() over (order by id desc)) * interval '0.2 seconds', reason
      from signups;
    insert into bounces (id, received_at, door, fingerprint, letter_id, signup_id, category)
      select l.id, l.ended_at, 'relay', sha256(uuid_send(l.id)), l.id, l.signup_id, l.reason
      from letters l where state = 'undeliverable';
    alter table signups enable trigger user;
    commit`)
  await run('vacuum analyze')
}, 300_000)
afterAll(() => one.close())

test('refusals among the newest letters, each with its ranks', async () => {
  const rows = await readRefusals(one.database.db, new Date(Date.now() - 14 * 86_400_000))
  expect(rows).toHaveLength(250)
  expect(rows[0]).toMatchObject({ tried: 10_000, category: 'mailbox-does-not-exist' })
  const { rows: checked } = await sql<{ n: number; here: number }>`
    select count(*)::int as n, (count(*) filter (where recipient like ${`%@${rows[9]?.domain}`}))::int as here
    from letters where ended_at >= ${rows[9]?.at}`.execute(one.database.db)
  expect(checked).toEqual([{ n: rows[9]?.overall, here: rows[9]?.here }])
  expect(rows.filter(({ client }) => client.includes('/64'))[0]?.client).toMatch(/^2001:db8:[0-9a-f]+::\/64$/)
})

async function planOf(query: string): Promise<string> {
  const { rows } = await one.database.pool.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${query}`)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

test('both questions go by index', async () => {
  const newest = await planOf(`
    select id from letters where state in ('sent', 'undeliverable') and ended_at > now() - interval '14 days'
    order by ended_at desc limit 10000`)
  expect(newest).toContain('letters_outcome')
  expect(newest).not.toContain('Sort')
  const latest = await planOf(`
    select id from bounces where signup_id is not null order by received_at desc, id desc limit 1`)
  expect(latest).toContain('bounces_matched')
  expect(latest).not.toContain('Sort')
})

test('the newest report is known', async () => {
  const { rows } = await sql<{
    id: string
  }>`select id from bounces order by received_at desc limit 1`.execute(one.database.db)
  expect(await newestRefusal(one.database.db)).toBe(rows[0]?.id)
})
