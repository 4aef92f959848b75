import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTellSenders } from '../../src/flows/tell-senders.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'

let one: TestDatabase

beforeAll(async () => {
  one = await makeDatabase()
})
afterAll(() => one.close())

test('senders hear of the first signup at once, and of those that follow together', async () => {
  const { db, notices } = one.database
  let heard = 0
  let expected = { count: Number.POSITIVE_INFINITY, reached: () => {} }
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      expected = { count, reached: resolve }
      if (heard >= count) resolve()
    })
  // Whoever begins to listen is called once, to look for what was said before.
  const listening = until(1)
  notices.listen('ayes_due', () => {
    heard++
    if (heard >= expected.count) expected.reached()
  })
  await listening
  heard = 0

  const tell = openTellSenders(db)
  for (let signup = 0; signup < 100; signup++) tell()
  await until(1)
  await until(2)
  tell()
  await until(3)
  expect(heard).toBe(3)
})
