// A plan that was made when there was hardly anything, and is kept, took a second for 500 letters instead of 30 ms.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction, type Trx } from '../../src/store/open-database.ts'
import { claimLetters, recordAccepted, releaseLetters } from '../../src/store/out-tray.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { insertPending } from '../support/rows.ts'

let one: TestDatabase

beforeAll(async () => {
  one = await makeDatabase()
})
afterAll(() => one.close())

async function keptPlans(trx: Trx): Promise<string> {
  const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(trx)
  return rows.map((row) => row.statement).join('\n')
}

test('statements over many letters keep no plan, and others do', async () => {
  const { db } = one.database
  const id = await insertPending(db)
  const [now, until] = [new Date(), new Date(Date.now() + 60_000)]
  const kept = await inTransaction(db, async (trx) => {
    expect(await claimLetters(trx, { name: id, limit: 5, now, until })).toHaveLength(1)
    await releaseLetters(trx, id, [id], now)
    await recordAccepted(trx, [{ letterId: id, reply: '250 ok', at: now }], 60)
    return keptPlans(trx)
  })
  expect(kept).toContain('update letters set claim = null, due_at')
  expect(kept).not.toContain('skip locked')
  expect(kept).not.toContain('letter-sent')
})
