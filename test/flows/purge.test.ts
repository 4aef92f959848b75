// What is kept long enough goes, and nothing else does.
import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignupStatus } from '../../src/core/signup-states.ts'
import { type Purged, purge } from '../../src/flows/purge.ts'
import type { Rules } from '../../src/flows/service.ts'
import type { Log } from '../../src/log.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { bringTo, insertPending } from '../support/rows.ts'

let made: TestDatabase
beforeAll(async () => {
  made = await makeDatabase()
})
afterAll(() => made.close())

const day = 86_400
const rules: Rules = {
  limits: {
    perClient: { count: 20, seconds: 600 },
    perList: { count: 3, seconds: day, pauseSeconds: 600 },
    perMailbox: { count: 10, seconds: day },
  },
  confirmWithin: 7 * day,
  suppressFor: 180 * day,
  refuseDisposable: false,
  bounceRateLimit: 0.03,
  forgetAfter: 30 * day,
  keepIp: 90 * day,
  keepUnsubscribed: 3 * 365 * day,
  from: { name: 'Ayes', address: 'ayes@example.com' },
  returnPath: null,
  holdsLetters: false,
  markedFor: [],
}
const logged: object[] = []
const log: Log = {
  debug: () => {},
  info: (event, fields) => logged.push({ event, ...fields }),
  warn: () => {},
  error: () => {},
}

function purgeIn(days: number): Promise<Purged> {
  const now = () => new Date(Date.now() + days * day * 1000)
  return purge({ db: made.database.db, rules, log, now })
}

/** A signup with a person's row, a letter, an event with a client, and a bounce. */
async function insertSignup(status: SignupStatus) {
  const { db } = made.database
  const addressHash = randomBytes(16)
  const email = `${randomUUID()}@example.com`
  await db.insertInto('addresses').values({ hash: addressHash, email, seen_at: new Date() }).execute()
  const id = await insertPending(db, { addressHash, email })
  await sql`update signups set signup_client = '192.0.2.1' where id = ${id}`.execute(db)
  await sql`
    insert into events (signup_id, type, at, client, agent)
    values (${id}, 'signed-up', now(), '192.0.2.1', 'Browser/1'), (${id}, 'confirmed', now(), '192.0.2.2', null)
  `.execute(db)
  await sql`
    insert into bounces (id, received_at, door, fingerprint, signup_id, letter_id)
    values (${randomUUID()}, now(), 'relay', ${randomBytes(32)}, ${id}, ${id})`.execute(db)
  await bringTo(db, id, status)
  if (status === 'confirmed') {
    await sql`update signups set confirm_client = '192.0.2.2' where id = ${id}`.execute(db)
  }
  return { id, addressHash }
}

async function rowsOf(signup: { id: string; addressHash: Buffer }) {
  const { id, addressHash } = signup
  const { rows } = await sql<Record<string, string>>`
    select (select count(*) from signups where id = ${id}) as signups,
      (select count(*) from letters where signup_id = ${id}) as letters,
      (select count(*) from events where signup_id = ${id}) as events,
      (select count(*) from bounces where signup_id = ${id}) as bounces,
      (select count(*) from addresses where hash = ${addressHash}) as addresses`.execute(made.database.db)
  return rows[0]
}

const whole = { signups: '1', letters: '1', events: '2', bounces: '1', addresses: '1' }
const gone = { signups: '0', letters: '0', events: '0', bounces: '0', addresses: '0' }

test.each(['expired', 'invalid', 'declined', 'replaced'] as const)(
  'what is %s goes thirty days after its end, with all that hangs on it',
  async (status) => {
    const signup = await insertSignup(status)
    await purgeIn(29)
    expect(await rowsOf(signup)).toEqual(whole)
    await purgeIn(31)
    expect(await rowsOf(signup)).toEqual(gone)
  },
)

test('who unsubscribed is kept three years, for the proof that there was a yes', async () => {
  const signup = await insertSignup('unsubscribed')
  await purgeIn(3 * 365 - 1)
  expect(await rowsOf(signup)).toEqual(whole)
  await purgeIn(3 * 365 + 1)
  expect(await rowsOf(signup)).toEqual(gone)
})

test('what is pending or confirmed stays, however old', async () => {
  const [pending, confirmed] = [await insertSignup('pending'), await insertSignup('confirmed')]
  await purgeIn(10_000)
  expect(await rowsOf(pending)).toEqual(whole)
  expect(await rowsOf(confirmed)).toEqual(whole)
})

test('client addresses go after ninety days, also those of subscribers; the events stay', async () => {
  const signup = await insertSignup('confirmed')
  const clients = async () => {
    const { rows } = await sql<{ clients: (string | null)[] }>`
      select array_agg(client order by e.id) || array_agg(agent order by e.id) || array[signup_client, confirm_client] as clients
      from events e join signups s on s.id = signup_id where s.id = ${signup.id}
      group by signup_client, confirm_client`.execute(made.database.db)
    return rows[0]?.clients
  }
  await purgeIn(89)
  expect(await clients()).toEqual(['192.0.2.1', '192.0.2.2', 'Browser/1', null, '192.0.2.1', '192.0.2.2'])
  await purgeIn(91)
  expect(await clients()).toEqual([null, null, null, null, null, null])
  expect(await rowsOf(signup)).toEqual(whole)
})

test('a suppression outlives the signup, as a hash, and the doubling as long again', async () => {
  const { db } = made.database
  const signup = await insertSignup('invalid')
  await sql`
    update addresses set bounced_at = now(), bounced_until = now() + interval '64 days', bounce_wait_seconds = ${64 * day},
      bounce_category = 'mailbox-does-not-exist', bounce_reply = '550 5.1.1 no ann@example.com here'
    where hash = ${signup.addressHash}`.execute(db)
  await purgeIn(31)
  const left = await db
    .selectFrom('addresses')
    .select(['email', 'bounce_reply', 'bounce_wait_seconds'])
    .where('hash', '=', signup.addressHash)
    .executeTakeFirst()
  expect(left).toEqual({ email: null, bounce_reply: null, bounce_wait_seconds: 64 * day })
  await purgeIn(127)
  expect((await rowsOf(signup))?.addresses).toBe('1')
  await purgeIn(129)
  expect((await rowsOf(signup))?.addresses).toBe('0')
})

test('not-me outlives the signup until its 180 days are over', async () => {
  const signup = await insertSignup('declined')
  await sql`
    update addresses set declined_at = now(), declined_until = now() + interval '180 days', declined_why = 'not-me'
    where hash = ${signup.addressHash}`.execute(made.database.db)
  await purgeIn(179)
  expect((await rowsOf(signup))?.addresses).toBe('1')
  await purgeIn(181)
  expect((await rowsOf(signup))?.addresses).toBe('0')
})

test('an address that was seen within a day stays: its handle may still be asked about', async () => {
  const { db } = made.database
  const hash = randomBytes(16)
  await db.insertInto('addresses').values({ hash, email: 'x@example.com', seen_at: new Date() }).execute()
  expect((await purgeIn(0)).addresses).toBe(0)
  expect((await purgeIn(2)).addresses).toBe(1)
})

test('unmatched reports go after thirty days, erased departures after ninety, others after three years', async () => {
  const { db } = made.database
  await sql`
    insert into bounces (id, received_at, door, fingerprint) values (${randomUUID()}, now(), 'message', ${randomBytes(32)})
  `.execute(db)
  for (const why of ['erased', 'unsubscribed', 'complaint']) {
    await sql`
      insert into departures (list_id, signup_id, address_hash, email, left_at, why)
      values (1, ${randomUUID()}, ${randomBytes(16)}, 'x@example.com', now(), ${why})`.execute(db)
  }
  expect(await purgeIn(29)).toMatchObject({ unmatched: 0, departures: 0 })
  expect(await purgeIn(31)).toMatchObject({ unmatched: 1, departures: 0 })
  expect(await purgeIn(91)).toMatchObject({ departures: 1 })
  expect(await purgeIn(3 * 365 + 1)).toMatchObject({ departures: 2 })
})

test('counters go when their window is long over', async () => {
  const { db } = made.database
  await sql`insert into clients values ('192.0.2.9', now(), 0, 1)`.execute(db)
  await sql`
    insert into mailboxes values (${randomBytes(16)}, array[now() - interval '2 days', now()], array[1, 1], true),
      (${randomBytes(16)}, '{}', '{}', false)`.execute(db)
  expect(await purgeIn(0)).toMatchObject({ counters: 0, mailboxes: 1 })
  expect(await purgeIn(2)).toMatchObject({ counters: 1, mailboxes: 1 })
})

test('a row that somebody holds is left for the next turn, and nobody waits', async () => {
  const { db } = made.database
  const [held, free] = [await insertSignup('expired'), await insertSignup('expired')]
  await db.transaction().execute(async (trx) => {
    await sql`select from signups where id = ${held.id} for update`.execute(trx)
    expect((await purgeIn(31)).signups).toBe(1)
  })
  expect((await rowsOf(free))?.signups).toBe('0')
  expect((await rowsOf(held))?.signups).toBe('1')
  expect((await purgeIn(31)).signups).toBe(1)
})

test('a backlog goes in batches, by several processes at once, and is told of in one line each', async () => {
  const { db } = made.database
  await sql`
    insert into signups (id, list_id, address_hash, email, status, key_id, locale, consent_version, signed_up_at)
    select gen_random_uuid(), 1, decode(md5(n::text), 'hex'), n || '@example.com', 'pending', 'k', 'en', 0, now()
    from generate_series(1, 2500) n`.execute(db)
  await sql`
    insert into addresses (hash, email, seen_at) select address_hash, email, now() from signups where key_id = 'k'
    on conflict do nothing`.execute(db)
  await sql`
    update signups set status = 'expired', ended_at = now() where email ~ '^[0-9]+@' and status = 'pending'`.execute(
    db,
  )
  logged.length = 0
  const turns = await Promise.all([purgeIn(31), purgeIn(31), purgeIn(31)])
  const last = await purgeIn(31)
  const sum = (count: (one: Purged) => number) => [...turns, last].reduce((all, one) => all + count(one), 0)
  expect(sum((one) => one.signups)).toBe(2500)
  expect(sum((one) => one.addresses)).toBe(2500)
  expect(logged.length).toBeGreaterThan(0)
  expect(logged.length).toBeLessThanOrEqual(4)
  expect(await purgeIn(31)).toMatchObject({ signups: 0, addresses: 0 })
})
