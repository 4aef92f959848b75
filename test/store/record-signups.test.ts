// The group statement: what it makes of each person, by what is known about the address.
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Db } from '../../src/store/open-database.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { makeStatus } from '../support/rows.ts'
import { entry, kinds, record, stored } from '../support/signup-entries.ts'

let one: TestDatabase
let db: Db
const now = new Date('2026-05-01T12:00:00Z')
const hours = (n: number) => new Date(now.getTime() + n * 3_600_000)

beforeAll(async () => {
  one = await makeDatabase()
  db = one.database.db
})
afterAll(() => one.close())

async function confirmed(email: string) {
  const first = entry(email)
  await record(db, [first], { now })
  await sql`
    update signups set status = 'confirmed', confirmed_at = ${now}, confirmed_by = ${first.letterId},
      confirmed_xid = pg_current_xact_id() where id = ${first.signupId}`.execute(db)
  return first
}

describe('a new person', () => {
  test('gets a pending signup with one letter and one event, all as given', async () => {
    const ann = entry('Ann+news@Example.COM', {
      locale: 'de',
      source: 'footer',
      attributes: { 'first name': 'Ann "\u{1F600}" \\', b: "'; drop table signups; --" },
      consentAsPosted: 'I agree',
      client: '192.0.2.1',
      agent: 'Test/1.0',
    })
    expect(await record(db, [ann], { now })).toEqual([{ kind: 'stored', signupId: ann.signupId }])
    const rows = await db.selectFrom('signups').selectAll().where('id', '=', ann.signupId).execute()
    expect(rows).toMatchObject([
      {
        list_id: 1,
        email: 'Ann+news@example.com',
        status: 'pending',
        key_id: 'key-of-tests',
        locale: 'de',
        source: 'footer',
        attributes: ann.attributes,
        consent_as_posted: 'I agree',
        signup_client: '192.0.2.1',
        signed_up_at: now,
        expires_at: null,
        confirmed_at: null,
        ended_at: null,
      },
    ])
    expect(await stored(db, ann)).toMatchObject([
      {
        letters: [
          { id: ann.letterId, kind: 'confirmation', state: 'queued', recipient: 'Ann+news@example.com' },
        ],
        events: [{ type: 'signed-up', letter_id: ann.letterId, detail: null }],
      },
    ])
    const event = await db
      .selectFrom('events')
      .selectAll()
      .where('signup_id', '=', ann.signupId)
      .executeTakeFirst()
    expect(event).toMatchObject({ client: '192.0.2.1', agent: 'Test/1.0', at: now })
  })

  test('in a group of many gets the outcome of their own entry', async () => {
    const group = Array.from({ length: 128 }, (_, n) => entry(`many${n}@example.com`))
    const outcomes = await record(db, group, { now })
    expect(outcomes).toEqual(group.map(({ signupId }) => ({ kind: 'stored', signupId })))
    const rows = await stored(db, ...group)
    expect(rows).toHaveLength(128)
    expect(rows.every(({ letters, events }) => letters.length === 1 && events.length === 1)).toBe(true)
  })

  test('is another person with another spelling of the local part, and the same with other capitals', async () => {
    expect(await kinds(db, [entry('case@example.com')], { now })).toEqual(['stored'])
    expect(await kinds(db, [entry('CASE@EXAMPLE.com')], { now })).toEqual(['repeated'])
    expect(await kinds(db, [entry('case+tag@example.com')], { now })).toEqual(['stored'])
  })
})

describe('somebody with an open signup', () => {
  test('that is pending gets a further letter to the spelling of this request, and an event that says what was sent', async () => {
    const first = entry('bob@example.com', { source: 'footer' })
    const again = entry('BOB@example.com', {
      source: 'header',
      attributes: { a: '1' },
      consentAsPosted: 'words',
    })
    await record(db, [first], { now })
    expect(await record(db, [again], { now: hours(1) })).toEqual([
      { kind: 'repeated', signupId: first.signupId },
    ])
    expect(await stored(db, first)).toMatchObject([
      {
        status: 'pending',
        email: 'bob@example.com',
        letters: [
          { id: first.letterId, recipient: 'bob@example.com' },
          { id: again.letterId, recipient: 'BOB@example.com', kind: 'confirmation' },
        ],
        events: [
          { type: 'signed-up' },
          {
            type: 'signed-up-again',
            letter_id: again.letterId,
            detail: {
              email: 'BOB@example.com',
              source: 'header',
              attributes: { a: '1' },
              consent_as_posted: 'words',
            },
          },
        ],
      },
    ])
  })

  test('that is confirmed gets the letter that says so, and stays confirmed', async () => {
    const first = await confirmed('cleo@example.com')
    const again = entry('cleo@example.com')
    expect(await record(db, [again], { now: hours(1) })).toEqual([
      { kind: 'already', signupId: first.signupId },
    ])
    expect(await stored(db, first)).toMatchObject([
      { status: 'confirmed', letters: [{ kind: 'confirmation' }, { id: again.letterId, kind: 'already' }] },
    ])
  })

  test('whose time is up starts anew, and the old one is expired with its event', async () => {
    const first = entry('dora@example.com')
    const again = entry('dora@example.com')
    await record(db, [first], { now })
    await sql`update signups set expires_at = ${hours(1)} where id = ${first.signupId}`.execute(db)
    expect(await record(db, [again], { now: hours(1) })).toEqual([
      { kind: 'stored', signupId: again.signupId },
    ])
    expect(await stored(db, first)).toMatchObject([
      {
        status: 'expired',
        letters: [{ id: first.letterId }],
        events: [{ type: 'signed-up' }, { type: 'expired' }],
      },
      { status: 'pending', letters: [{ id: again.letterId }], events: [{ type: 'signed-up' }] },
    ])
  })

  test('whose time is not up a moment before goes on with the same one', async () => {
    const first = entry('dora2@example.com')
    await record(db, [first], { now })
    await sql`update signups set expires_at = ${hours(1)} where id = ${first.signupId}`.execute(db)
    const moment = new Date(hours(1).getTime() - 1)
    expect(await kinds(db, [entry('dora2@example.com')], { now: moment })).toEqual(['repeated'])
  })

  test.each(['unsubscribed', 'invalid', 'declined', 'expired', 'replaced'] as const)(
    'that is %s is none: it starts anew and the old one keeps its state',
    async (status) => {
      const first = await (status === 'unsubscribed' ? confirmed : fresh)(`${status}@example.com`)
      await makeStatus(db, first.signupId, status)
      expect(await kinds(db, [entry(`${status}@example.com`)], { now: hours(1) })).toEqual(['stored'])
      expect((await stored(db, first)).map((row) => row.status)).toEqual([status, 'pending'])
    },
  )

  async function fresh(email: string) {
    const first = entry(email)
    await record(db, [first], { now })
    return first
  }
})

describe('somebody whose address rests', () => {
  async function resting(email: string, change: string) {
    const first = entry(email)
    await record(db, [entry(email, { ignored: true })], { now })
    await sql`insert into addresses (hash, seen_at) values (${first.addressHash}, now()) on conflict do nothing`.execute(
      db,
    )
    await one.database.pool.query(`update addresses set ${change} where hash = $1`, [first.addressHash])
    return first
  }
  const bounced = `bounced_at = '${now.toISOString()}', bounced_category = 'mailbox-does-not-exist',
    bounce_wait_seconds = 86400, bounced_until = '${hours(24).toISOString()}'`.replace(
    'bounced_category',
    'bounce_category',
  )
  const declined = `declined_at = '${now.toISOString()}', declined_why = 'not-me',
    declined_until = '${hours(24).toISOString()}'`

  test('after a bounce gets nothing until it is over, then a trial', async () => {
    const eve = await resting('eve@example.com', bounced)
    expect(await kinds(db, [eve], { now: hours(23.9) })).toEqual(['bounced'])
    expect(await stored(db, eve)).toEqual([])
    expect(await kinds(db, [eve], { now: hours(24) })).toEqual(['stored'])
  })

  test('after a bounce gets a letter that the admin asks for', async () => {
    const fay = await resting('fay@example.com', bounced)
    expect(await kinds(db, [fay], { now, asker: 'admin' })).toEqual(['stored'])
  })

  test('after a bounce gets one by renewing, which ends the suppression', async () => {
    const gus = await resting('gus@example.com', bounced)
    expect(await kinds(db, [gus], { now, asker: 'renewal' })).toEqual(['stored'])
    expect(await kinds(db, [entry('gus@example.com')], { now })).toEqual(['repeated'])
    const row = await db
      .selectFrom('addresses')
      .selectAll()
      .where('hash', '=', gus.addressHash)
      .executeTakeFirst()
    expect(row).toMatchObject({
      bounced_at: null,
      bounced_until: null,
      bounce_category: null,
      bounce_reply: null,
    })
  })

  test.each(['visitor', 'renewal', 'admin'] as const)(
    'by its own wish gets nothing, whoever asks: %s',
    async (asker) => {
      const hal = await resting(`hal-${asker}@example.com`, declined)
      expect(await kinds(db, [hal], { now, asker })).toEqual(['declined'])
      expect(await stored(db, hal)).toEqual([])
      expect(await kinds(db, [hal], { now: hours(24), asker })).toEqual(['stored'])
    },
  )
})

test('the honeypot stores nothing about anybody', async () => {
  const bot = entry('bot@example.com', { ignored: true })
  expect(await kinds(db, [bot, entry('person@example.com')], { now })).toEqual(['ignored', 'stored'])
  expect(await stored(db, bot)).toEqual([])
  const people = await db.selectFrom('addresses').selectAll().where('hash', '=', bot.addressHash).execute()
  const boxes = await db.selectFrom('mailboxes').selectAll().where('hash', '=', bot.mailboxHash).execute()
  expect([...people, ...boxes]).toEqual([])
})
