import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { whyNotReady } from '../../src/flows/why-not-ready.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'

let made: TestDatabase
beforeAll(async () => {
  made = await makeDatabase()
})
afterAll(() => made.close())

test('a database that hangs is not ready, and is not waited for', async () => {
  const { db } = made.database
  expect(await whyNotReady({ db })).toBeNull()
  await db.transaction().execute(async (trx) => {
    await sql`lock table kysely_migration in access exclusive mode`.execute(trx)
    expect(await whyNotReady({ db }, 100)).toMatch(/has not answered within 0.1 seconds/)
  })
  expect(await whyNotReady({ db })).toBeNull()
})
