import { afterAll, beforeAll, expect, test } from 'vitest'
import { openClockWatch } from '../../src/flows/watch-clock.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'

let made: TestDatabase
beforeAll(async () => {
  made = await makeDatabase()
})
afterAll(() => made.close())

test('a clock that is apart from the database’s is told once, and once when it agrees again', async () => {
  const logged: [string, unknown][] = []
  const note = (event: string, fields?: object) => void logged.push([event, fields])
  const log = { debug: note, info: note, warn: note, error: note }
  let aheadMs = 0
  const look = openClockWatch({
    db: made.database.db,
    log,
    now: () => new Date(Date.now() + aheadMs),
  })
  await look()
  aheadMs = 3_000
  await look()
  expect(logged).toEqual([])
  for (const ms of [40_000, 41_000, -60_000]) {
    aheadMs = ms
    await look()
  }
  expect(logged).toEqual([['clock-differs', expect.objectContaining({ ahead_seconds: 40 })]])
  aheadMs = 0
  await look()
  expect(logged.at(-1)?.[0]).toBe('clock-agrees')
})
