// Tries to break by SQL what the schema promises: whoever gets past our code still finds the door shut.
import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Db } from '../../src/store/open-database.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { bringTo, insertPending, makeStatus } from '../support/rows.ts'

let one: TestDatabase
let db: Db

beforeAll(async () => {
  one = await makeDatabase()
  db = one.database.db
})
afterAll(() => one.close())

async function run(statement: string, values: readonly unknown[] = []): Promise<void> {
  await one.database.pool.query(statement, [...values])
}

/** Fails unless the statement is refused as a breach of the schema (SQLSTATE class 23), or as no view to write to. */
async function refused(statement: string, values: readonly unknown[] = []): Promise<void> {
  const code = await run(statement, values).then(
    () => 'it was taken',
    (error: { code?: string }) => error.code ?? 'no code',
  )
  expect(code).toMatch(/^(23\d{3}|55000)$/)
}

async function subscribers(id: string): Promise<number> {
  const { rows } = await sql`select from subscribers where id = ${id}`.execute(db)
  return rows.length
}

async function signup(status: Parameters<typeof bringTo>[2] = 'pending'): Promise<string> {
  const id = await insertPending(db)
  await bringTo(db, id, status)
  return id
}

describe('a signup begins as pending', () => {
  const insert = `insert into signups (id, list_id, address_hash, email, status, reason, key_id, locale, consent_version,
      signed_up_at, confirmed_at, confirmed_by, confirmed_xid, ended_at)
    values ($1, 1, $2, 'a@example.com', $3, 'r', 'k', 'en', 0, now(), $4, $5, $6, $7)`

  test.each(['unsubscribed', 'invalid', 'declined', 'expired', 'replaced', 'nonsense', ''])(
    'and not as %j',
    async (status) => {
      const on = status === 'unsubscribed'
      const [at, by, xid] = on ? ['2099-01-01', randomUUID(), '1'] : [null, null, null]
      await refused(insert, [randomUUID(), randomBytes(16), status, at, by, xid, '2099-01-01'])
    },
  )

  test('and not as confirmed, be it complete', async () => {
    const id = randomUUID()
    await refused(insert, [id, randomBytes(16), 'confirmed', '2099-01-01', randomUUID(), '1', null])
    expect(await subscribers(id)).toBe(0)
  })

  test('and with no time of a confirmation', async () => {
    const [by, xid] = [randomUUID(), '1']
    await refused(insert, [randomUUID(), randomBytes(16), 'pending', '2099-01-01', by, xid, null])
    await refused(insert, [randomUUID(), randomBytes(16), 'pending', null, by, null, null])
    await refused(insert, [randomUUID(), randomBytes(16), 'pending', null, null, null, '2099-01-01'])
  })
})

describe('confirmed', () => {
  const whole = 'confirmed_at = now(), confirmed_by = id, confirmed_xid = pg_current_xact_id()'
  test.each([
    ['without time, letter and transaction', "status = 'confirmed'"],
    ['without a time', "status = 'confirmed', confirmed_by = id, confirmed_xid = pg_current_xact_id()"],
    ['without a letter', "status = 'confirmed', confirmed_at = now(), confirmed_xid = pg_current_xact_id()"],
    ['without a transaction', "status = 'confirmed', confirmed_at = now(), confirmed_by = id"],
    ['before the signup', `status = 'confirmed', ${whole.replace('now()', "now() - interval '1 year'")}`],
    ['with an end', `status = 'confirmed', ended_at = now(), ${whole}`],
    ['in its times only', whole],
  ])('is nothing %s', async (_, change) => {
    const id = await signup()
    await refused(`update signups set ${change} where id = $1`, [id])
    expect(await subscribers(id)).toBe(0)
  })

  test('by a letter of somebody else is nothing', async () => {
    const [id, other] = [await signup(), await signup()]
    const change = `status = 'confirmed', ${whole.replace('confirmed_by = id', 'confirmed_by = $2')}`
    await refused(`update signups set ${change} where id = $1`, [id, other])
    await refused(`update signups set ${change} where id = $1`, [id, randomUUID()])
  })

  test.each(['confirmed_at', 'confirmed_by', 'confirmed_xid'])('does not lose its %s', async (column) => {
    const id = await signup('confirmed')
    await refused(`update signups set ${column} = null where id = $1`, [id])
  })

  test.each([
    ['time', "confirmed_at = confirmed_at + interval '1 second'"],
    ['letter', 'confirmed_by = gen_random_uuid()'],
    ['address', "email = 'somebody-else@example.com'"],
    ['person', "address_hash = '\\x00000000000000000000000000000000'"],
    ['list', 'list_id = 2'],
    ['signup', "signed_up_at = signed_up_at - interval '1 day'"],
    ['words', 'consent_version = consent_version + 1'],
    ['posted words', "consent_as_posted = 'I agreed to everything'"],
  ])('keeps its evidence: the %s stays', async (_, change) => {
    await run("insert into lists (slug, name) values ('second', 'Second') on conflict do nothing")
    for (const status of ['confirmed', 'unsubscribed'] as const) {
      const id = await signup(status)
      await refused(`update signups set ${change} where id = $1`, [id])
    }
  })

  test('forgets the addresses of the clients in time', async () => {
    const id = await signup('confirmed')
    await run('update signups set signup_client = null, confirm_client = null where id = $1', [id])
    expect(await subscribers(id)).toBe(1)
  })
})

describe('a list', () => {
  test('is there for each of its signups, at their beginning and later', async () => {
    const unknown = `insert into signups (id, list_id, address_hash, email, status, key_id, locale, consent_version, signed_up_at)
      values ($1, 999999, $2, 'a@example.com', 'pending', 'k', 'en', 0, now())`
    await refused(unknown, [randomUUID(), randomBytes(16)])
    await refused('update signups set list_id = 2 where id = $1', [await signup()])
  })

  test('is never deleted, and keeps its number', async () => {
    await refused('delete from lists where id = 1', [])
    await refused('update lists set id = default where id = 1', [])
  })
})

describe('the view of subscribers', () => {
  test.each(['pending', 'unsubscribed', 'invalid', 'declined', 'expired', 'replaced'] as const)(
    'never shows a signup that is %s',
    async (status) => {
      const id = await signup(status)
      expect(await subscribers(id)).toBe(0)
    },
  )

  test('shows a confirmed one once', async () => {
    expect(await subscribers(await signup('confirmed'))).toBe(1)
  })

  test('cannot be written to', async () => {
    const id = await signup('confirmed')
    await refused("update subscribers set email = 'x@example.com' where id = $1", [id])
    await refused('delete from subscribers where id = $1', [id])
  })
})

describe('at most one signup for a list and person is open', () => {
  test('be it pending or confirmed', async () => {
    const addressHash = randomBytes(16)
    const first = await insertPending(db, { addressHash })
    await expect(insertPending(db, { addressHash })).rejects.toMatchObject({ code: '23505' })
    await makeStatus(db, first, 'confirmed')
    await expect(insertPending(db, { addressHash })).rejects.toMatchObject({ code: '23505' })
    await makeStatus(db, first, 'unsubscribed')
    await insertPending(db, { addressHash })
  })

  test('also by moving an open one to another person', async () => {
    const [one, other] = [randomBytes(16), randomBytes(16)]
    const id = await insertPending(db, { addressHash: one })
    await insertPending(db, { addressHash: other })
    await refused('update signups set address_hash = $2 where id = $1', [id, other])
  })
})

describe('an end', () => {
  test.each(['invalid', 'declined', 'expired', 'replaced'])('as %s has a time', async (status) => {
    await refused("update signups set status = $2, reason = 'r' where id = $1", [await signup(), status])
  })

  test.each(['invalid', 'declined'])('as %s has a reason', async (status) => {
    await refused('update signups set status = $2, ended_at = now() where id = $1', [await signup(), status])
  })
})

describe('a letter', () => {
  test.each([
    ['sent without a time', "state = 'sent', ended_at = now()"],
    [
      'sent and still claimed',
      "state = 'sent', sent_at = now(), ended_at = now(), claim = gen_random_uuid()",
    ],
    ['undeliverable without a reason', "state = 'undeliverable', ended_at = now()"],
    ['over without an end', "state = 'dropped', reason = 'r'"],
    ['in a state of its own', "state = 'lost', ended_at = now(), reason = 'r'"],
    ['of a kind of its own', "kind = 'advertisement'"],
    ['of no signup', 'signup_id = gen_random_uuid()'],
  ])('is never %s', async (_, change) => {
    await refused(`update letters set ${change} where id = $1`, [await signup()])
  })
})

describe('an event', () => {
  async function event(): Promise<string> {
    const id = await signup()
    await run(
      "insert into events (signup_id, type, at, client, agent) values ($1, 'signed-up', now(), '192.0.2.1', 'a')",
      [id],
    )
    return id
  }

  test.each([
    "type = 'confirmed'",
    "at = at - interval '1 day'",
    "detail = '{}'",
    'letter_id = gen_random_uuid()',
    "client = '192.0.2.2'",
    "agent = 'b'",
    'client = null',
    'id = default',
  ])('cannot be changed: %s', async (change) => {
    await refused(`update events set ${change} where signup_id = $1`, [await event()])
  })

  test('is not deleted while its signup is there, and goes with it', async () => {
    const id = await event()
    await refused('delete from events where signup_id = $1', [id])
    await run('delete from signups where id = $1', [id])
    const { rows } = await sql`select from events where signup_id = ${id}`.execute(db)
    expect(rows).toHaveLength(0)
  })

  test('forgets who asked in time, and nothing else', async () => {
    const id = await event()
    await run('update events set client = null, agent = null where signup_id = $1', [id])
    const rows = await db.selectFrom('events').selectAll().where('signup_id', '=', id).execute()
    expect(rows).toMatchObject([{ type: 'signed-up', client: null, agent: null }])
  })
})

describe('words of consent', () => {
  test('that somebody may have agreed to are never changed', async () => {
    await run("insert into consents (list_id, version, text) values (1, 7, 'the words')")
    await refused("update consents set text = 'other words' where version = 7")
  })
})
