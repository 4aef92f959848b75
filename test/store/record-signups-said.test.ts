// What was said of an address is written with its own signup, whatever else is in the group.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { entry, kinds, stored } from '../support/signup-entries.ts'

let made: TestDatabase
beforeAll(async () => {
  made = await makeDatabase()
})
afterAll(() => made.close())

async function saidOf(email: string) {
  return made.database.db
    .selectFrom('signups')
    .select(['status', 'declined_suggestion', 'disposable'])
    .where('email', '=', email)
    .orderBy('signed_up_at')
    .execute()
}

test('in a group each signup has its own, and so has its first event', async () => {
  const { db } = made.database
  const plain = entry('a@example.com')
  const slip = entry('a@gmial.com', { declinedSuggestion: 'gmail.com' })
  const both = entry('a@hotmial.com', { declinedSuggestion: 'hotmail.com', disposable: true })
  expect(await kinds(db, [plain, slip, both])).toEqual(['stored', 'stored', 'stored'])
  const pending = { status: 'pending', declined_suggestion: null, disposable: false }
  expect(await saidOf('a@example.com')).toEqual([pending])
  expect(await saidOf('a@gmial.com')).toEqual([{ ...pending, declined_suggestion: 'gmail.com' }])
  expect(await saidOf('a@hotmial.com')).toEqual([
    { status: 'pending', declined_suggestion: 'hotmail.com', disposable: true },
  ])
  const details = await Promise.all(
    [plain, slip, both].map(async (one) => (await stored(db, one))[0]?.events[0]?.detail),
  )
  expect(details).toEqual([
    null,
    { declined_suggestion: 'gmail.com' },
    { declined_suggestion: 'hotmail.com', disposable: true },
  ])
})

test('one that begins anew after an expired one has it too', async () => {
  const { db } = made.database
  const email = 'late@gmial.com'
  await kinds(db, [entry(email)])
  await db
    .updateTable('signups')
    .set({ expires_at: new Date(0) })
    .where('email', '=', email)
    .execute()
  expect(await kinds(db, [entry(email, { declinedSuggestion: 'gmail.com', disposable: true })])).toEqual([
    'stored',
  ])
  expect(await saidOf(email)).toEqual([
    { status: 'expired', declined_suggestion: null, disposable: false },
    { status: 'pending', declined_suggestion: 'gmail.com', disposable: true },
  ])
})
