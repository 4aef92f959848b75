import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeLinkToken } from '../../../../src/core/tokens.ts'
import { decline } from '../../../../src/flows/decline.ts'
import { keepUnmatched, receiveBounce } from '../../../../src/flows/receive-bounce.ts'
import { type AdminHouse, nobody, openAdminHouse } from '../../../support/admin-house.ts'

let house: AdminHouse

beforeAll(async () => {
  house = await openAdminHouse()
})
afterAll(() => house.close())

type Person = {
  email: string
  signups: { id: string; events: { type: string; ip: string | null }[]; letters: { recipient: string }[] }[]
  suppression: { reason: string } | null
  departures: { why: string }[]
  bounces: { matched: boolean; recipient: string | null }[]
}

const person = (email: string) =>
  house.json<Person & { code: string }>(`/api/people/${encodeURIComponent(email)}`)
const erase = async (email: string) =>
  (await house.send('DELETE', `/api/people/${encodeURIComponent(email)}`)).status

async function bounce(letterId: string, recipient: string): Promise<void> {
  const status = '5.1.1'
  const reply = `550 5.1.1 <${recipient}> is nobody`
  const report = {
    category: 'mailbox-does-not-exist',
    status,
    reply,
    recipient,
    rule: null,
    forwarded: false,
  } as const
  const fingerprint = createHash('sha256').update(randomUUID()).digest()
  await receiveBounce(house.deps, { door: 'message', at: house.deps.now(), fingerprint, letterId, report })
}

async function unmatched(raw: string): Promise<void> {
  const report = { category: null, status: null, reply: null, recipient: null, rule: null, forwarded: false }
  const fingerprint = createHash('sha256').update(randomUUID()).digest()
  const at = house.deps.now()
  await keepUnmatched(house.deps, {
    door: 'message',
    at,
    fingerprint,
    report,
    raw: Buffer.from(raw, 'latin1'),
  })
}

const notMe = (letterId: string) =>
  decline(house.deps, { token: makeLinkToken(house.deps.ring.current, 'not-me', letterId), client: nobody })

/** Every row of every table in which one of these texts stands, whatever the column. */
async function rowsWith(...texts: string[]): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(house.deps.db)
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select t::text || coalesce(encode(${sql.raw(name === 'bounces' ? 't.raw' : 'null::bytea')}, 'escape'), '') as row
      from ${sql.table(name)} t`.execute(house.deps.db)
    found.push(...rows.filter(({ row }) => texts.some((text) => row.includes(text))).map(() => name))
  }
  return found
}

describe('showing a person', () => {
  test('tells everything', async () => {
    const { letterId } = await house.subscribe('ann@example.com')
    await unmatched('To: someone\r\n\r\nANN@Example.COM is away')
    await house.api('/api/lists/people', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    await house.signUp('Ann@example.com', { list: 'people' })
    const shown = await person('ann@EXAMPLE.com')
    expect(shown.signups).toHaveLength(2)
    const [, first] = shown.signups
    expect(first?.events.map((event) => event.type)).toEqual(['signed-up', 'confirmed'])
    expect(first?.events[0]).toMatchObject({ ip: '192.0.2.7', agent: 'a test' })
    expect(first?.letters).toMatchObject([{ recipient: 'ann@example.com' }])
    expect(shown.bounces).toMatchObject([{ matched: false }])
    expect(shown.suppression).toBeNull()
    await notMe(letterId)
    const later = await person('ann@example.com')
    expect(later.suppression).toMatchObject({ reason: 'not-me' })
    expect(later.departures).toMatchObject([{ list: 'default', why: 'unsubscribed' }])
  })

  test('of whom nothing is known is 404', async () => {
    expect(await person('stranger@example.com')).toMatchObject({ status: 404, code: 'not-found' })
  })

  test('of what is no address is 400', async () => {
    expect(await person('nobody')).toMatchObject({ status: 400, field: 'email' })
    expect(await erase('nobody')).toBe(400)
  })

  test('finds an address with a slash, a plus and a percent sign in it', async () => {
    await house.signUp('a/b+c%d@example.com')
    expect((await person('a/b+c%d@example.com')).signups).toHaveLength(1)
  })
})

describe('erasing a person', () => {
  test('leaves the address nowhere, but with who copies the list', async () => {
    const email = 'Erika.Muster+news@example.com'
    const local = 'rika.'
    const { letterId } = await house.subscribe(email, { attributes: { name: 'Erika.Muster' } })
    await bounce(letterId, email)
    await unmatched(`Final-Recipient: rfc822;erika.muster+2Bnews@EXAMPLE.com\r\n\r\n\xff\x00\\`)
    await unmatched('Return-Path: <bounces+Erika.Muster+news=example.com@lists.example>')
    await unmatched('nothing of hers')
    expect(await erase(email)).toBe(204)
    expect(await rowsWith(local, 'Muster', 'muster')).toEqual(['departures'])
    expect(await person(email)).toMatchObject({ status: 404 })
    const departures = await (await house.api('/api/lists/default/departures')).text()
    expect(departures).toContain(`${email},`)
    expect(departures).toMatch(/,erased\r\n$/)
    const subscribers = await (await house.api('/api/lists/default/subscribers')).text()
    expect(subscribers).not.toContain('Muster')
    expect(house.forgotten.at(-1)).toBe(email)
    const { count } = await house.deps.db
      .selectFrom('bounces')
      .select((e) => e.fn.countAll<string>().as('count'))
      .where('signup_id', 'is', null)
      .where(sql<boolean>`position('nothing of hers' in encode(raw, 'escape')) > 0`)
      .executeTakeFirstOrThrow()
    expect(count).toBe('1')
  })

  test('twice is erasing once, and erasing a stranger leaves nothing', async () => {
    const rows = async () =>
      (await house.deps.db.selectFrom('addresses').selectAll().execute()).length +
      (await house.deps.db.selectFrom('departures').selectAll().execute()).length
    const before = await rows()
    await house.subscribe('once@example.com')
    expect([await erase('once@example.com'), await erase('once@example.com')]).toEqual([204, 204])
    expect(await erase('stranger@example.com')).toBe(204)
    expect(await rows()).toBe(before + 1)
  })

  test('keeps a suppression in force as a hash', async () => {
    const { letterId } = await house.signUp('gone@example.net')
    await bounce(letterId, 'gone@example.net')
    await erase('gone@example.net')
    expect(await rowsWith('gone@')).toEqual([])
    expect(await person('gone@example.net')).toMatchObject({ signups: [], suppression: { reply: null } })
    const { items } = await house.json('/api/suppressions?limit=200')
    expect(items.some((item) => item.email === null)).toBe(true)
  })

  test('forgets a suppression that is over', async () => {
    const { letterId } = await house.signUp('over@example.net')
    await bounce(letterId, 'over@example.net')
    await sql`update addresses set bounced_until = now() - interval '1 hour' where email = 'over@example.net'`.execute(
      house.deps.db,
    )
    const count = async () => (await house.deps.db.selectFrom('addresses').selectAll().execute()).length
    const before = await count()
    await erase('over@example.net')
    expect(await count()).toBe(before - 1)
  })

  test('turns what the departures hold into erased, and only for 90 days', async () => {
    const { letterId } = await house.subscribe('left@example.net')
    await notMe(letterId)
    await erase('left@example.net')
    const departures = async () => (await house.api('/api/lists/default/departures?format=ndjson')).text()
    expect(await departures()).toMatch(/"email":"left@example.net",[^\n]*"why":"erased"/)
    await sql`update departures set left_at = now() - interval '91 days' where email = 'left@example.net'`.execute(
      house.deps.db,
    )
    expect(await departures()).not.toContain('left@example.net')
  })

  test('is recorded without the address', async () => {
    await house.subscribe('acted@example.net')
    await erase('acted@example.net')
    const act = await house.deps.db
      .selectFrom('acts')
      .selectAll()
      .where('type', '=', 'erased')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    expect(act.detail).toEqual({ signups: 1, reports: 0 })
  })
})
