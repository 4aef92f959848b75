// Whoever touches a letter locks its signup first, so that no two of them wait for each other in a circle.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { markLetterUndeliverable } from '../../src/store/bounces.ts'
import { inTransaction } from '../../src/store/open-database.ts'
import { deferLetter, dropLetter, recordAccepted } from '../../src/store/out-tray.ts'
import { confirmSignup, findLetter, lockSignup } from '../../src/store/signups.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { insertPending } from '../support/rows.ts'
import { deadlocks } from '../support/signup-entries.ts'

let one: TestDatabase

beforeAll(async () => {
  one = await makeDatabase()
})
afterAll(() => one.close())

test('what the relay said and what a report or a click says, at once, leave no deadlock', async () => {
  const { db } = one.database
  const at = new Date()
  const expiresAt = new Date(at.getTime() + 86_400_000)
  const relay = [
    (id: string) => deferLetter(db, id, { at, dueAt: expiresAt, reply: '450 later', status: null }),
    (id: string) => dropLetter(db, id, { at, why: 'a test', expiresAt }),
    (id: string) => recordAccepted(db, [{ letterId: id, reply: '250 ok', at }], 86_400),
  ]
  const bounce = { at, category: 'mailbox-full', status: null, reply: null, duringSending: false }
  const others = [
    (id: string) =>
      inTransaction(db, async (trx) => {
        const locked = await lockSignup(trx, id)
        const letter = await findLetter(trx, id)
        if (locked !== null && letter !== null) await markLetterUndeliverable(trx, letter, bounce)
      }),
    (id: string) =>
      inTransaction(db, async (trx) => {
        const locked = await lockSignup(trx, id)
        const letter = await findLetter(trx, id)
        if (letter !== null && locked?.signup.status === 'pending') {
          await confirmSignup(trx, locked.signup, { letter, at: new Date(), client: null })
        }
      }),
  ]
  for (let turn = 0; turn < 60; turn++) {
    const id = await insertPending(db)
    const acts = [relay[turn % relay.length], ...others].filter((act) => act !== undefined)
    const settled = await Promise.allSettled((turn % 2 ? acts : acts.toReversed()).map((act) => act(id)))
    expect(settled.filter(({ status }) => status === 'rejected')).toEqual([])
  }
  expect(await deadlocks(db)).toBe(0)
})
