// What the purge reads: as much as is due, however much is kept.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '../../src/store/open-database.ts'
import { deleteEndedSignups } from '../../src/store/purge.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { bringTo, insertPending } from '../support/rows.ts'

let made: TestDatabase
let db: Db
beforeAll(async () => {
  made = await makeDatabase()
  db = made.database.db
})
afterAll(() => made.close())

const day = 86_400

test('who is kept for years is not read for what is due now', async () => {
  await sql`
    with made as (
      insert into signups (id, list_id, address_hash, email, status, key_id, locale, consent_version, signed_up_at)
      select gen_random_uuid(), 1, decode(md5(n::text), 'hex'), 'kept@example.com', 'pending', 'k', 'en', 0, now() - interval '1 year'
      from generate_series(1, 2000) n returning id
    )
    insert into letters (id, signup_id, kind, recipient, locale, key_id, due_at, created_at)
    select id, id, 'confirmation', 'kept@example.com', 'en', 'k', now(), now() from made`.execute(db)
  const kept = sql`select id from signups where email = 'kept@example.com'`
  await sql`
    update signups set status = 'confirmed', confirmed_at = signed_up_at, confirmed_by = id, confirmed_xid = '1'
    where id in (${kept})`.execute(db)
  await sql`update signups set status = 'unsubscribed', ended_at = now() - interval '300 days' where id in (${kept})`.execute(
    db,
  )
  const due = await insertPending(db)
  await bringTo(db, due, 'expired')
  await sql`analyze signups, letters`.execute(db)
  const tuples = await db.transaction().execute(async (trx) => {
    const read = async () => {
      const { rows } = await sql<{ n: string }>`
        select pg_stat_get_xact_tuples_fetched('signups'::regclass)
          + pg_stat_get_xact_tuples_returned('signups'::regclass) as n`.execute(trx)
      return Number(rows[0]?.n)
    }
    const before = await read()
    const now = new Date(Date.now() + 31 * day * 1000)
    const ago = (days: number) => new Date(now.getTime() - days * day * 1000)
    await deleteEndedSignups(trx, { before: ago(30), unsubscribedBefore: ago(3 * 365), now, limit: 1_000 })
    return (await read()) - before
  })
  expect(await db.selectFrom('signups').select('id').where('id', '=', due).execute()).toEqual([])
  expect(tuples).toBeLessThan(500)
})
