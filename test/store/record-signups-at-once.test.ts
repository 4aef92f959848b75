// The group statement and its groups under many requests at once, and with a row in the group that cannot be written.
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSignupGroups, type SignupGroups } from '../../src/flows/signup-groups.ts'
import type { Db } from '../../src/store/open-database.ts'
import { recordAccepted } from '../../src/store/out-tray.ts'
import type { SignupEntry, SignupLimits } from '../../src/store/record-signups.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { deadlocks, entry, kinds, makeLists, noLimits, record, stored } from '../support/signup-entries.ts'

let one: TestDatabase
let db: Db
let lists: number[]
let round = 0
const day = 24 * 3_600
const perList: SignupLimits = { ...noLimits, perList: { count: 3, seconds: day, pauseSeconds: 600 } }

beforeAll(async () => {
  one = await makeDatabase()
  db = one.database.db
  lists = await makeLists(db, 'a', 'b', 'c')
})
afterAll(async () => {
  expect(await deadlocks(db)).toBe(0)
  await one.close()
})
beforeEach(() => {
  round++
})

function groups(limits: SignupLimits): SignupGroups {
  return openSignupGroups({ db, limits, keyId: 'key-of-tests', now: () => new Date() })
}

/** As a stored row says it: every letter has its event and every event its letter, once. */
function lettersAndEvents(rows: Awaited<ReturnType<typeof stored>>) {
  const letters = rows.flatMap((row) => row.letters.map((letter) => letter.id)).sort()
  const events = rows.flatMap((row) => row.events.map((event) => event.letter_id)).sort()
  expect(events).toEqual(letters)
  expect(new Set(letters).size).toBe(letters.length)
  return letters
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, by: Math.random() }))
    .sort((a, b) => a.by - b.by)
    .map(({ item }) => item)
}

describe('many requests at once for one address over three lists', () => {
  function requests(listIds: readonly number[], length = 150): SignupEntry[] {
    return Array.from({ length }, (_, n) =>
      entry(`rush${round}@example.com`, { listId: listIds[n % listIds.length] ?? 1 }),
    )
  }

  test('make one letter for each list, and every one of five hundred requests its answer', async () => {
    const all = requests(lists, 500)
    const [here, there] = [groups(perList), groups(perList)]
    const outcomes = await Promise.all(all.map((each, n) => (n % 2 ? here : there).add(each)))
    expect(outcomes.filter(({ kind }) => kind === 'stored')).toHaveLength(3)
    expect(outcomes.filter(({ kind }) => kind === 'limited')).toHaveLength(497)
    const rows = await stored(db, ...all.slice(0, 1))
    expect(rows.map((row) => row.status)).toEqual(['pending', 'pending', 'pending'])
    expect(lettersAndEvents(rows)).toHaveLength(3)
  })

  test('make no more than the limit over all lists says', async () => {
    const all = requests(lists)
    const both: SignupLimits = { ...perList, perMailbox: { count: 2, seconds: day } }
    const [here, there] = [groups(both), groups(both)]
    const outcomes = await Promise.all(all.map((each, n) => (n % 2 ? here : there).add(each)))
    expect(outcomes.filter(({ kind }) => kind === 'stored')).toHaveLength(2)
    expect(lettersAndEvents(await stored(db, ...all.slice(0, 1)))).toHaveLength(2)
  })

  test('make as many letters as the limit says where no pause is between them', async () => {
    const all = requests(lists.slice(0, 1))
    const three: SignupLimits = { ...noLimits, perList: { count: 3, seconds: day, pauseSeconds: 0 } }
    const [here, there] = [groups(three), groups(three)]
    const outcomes = await Promise.all(all.map((each, n) => (n % 2 ? here : there).add(each)))
    expect(outcomes.filter(({ kind }) => kind === 'stored')).toHaveLength(1)
    expect(outcomes.filter(({ kind }) => kind === 'repeated')).toHaveLength(2)
    expect(lettersAndEvents(await stored(db, ...all.slice(0, 1)))).toHaveLength(3)
  })
})

test('groups in flight at once that share mailboxes never grant one twice, in whatever order they come', async () => {
  const people = Array.from({ length: 40 }, (_, n) => `share${round}-${n}@example.com`)
  const spelled = (email: string) => email.replace('@', Math.random() < 0.5 ? '@' : `+${Math.random()}@`)
  const limits: SignupLimits = { ...noLimits, perMailbox: { count: 1, seconds: day } }
  const all = Array.from({ length: 12 }, () =>
    shuffled(people).map((email) => entry(spelled(email), { listId: shuffled(lists)[0] ?? 1 })),
  )
  const outcomes = await Promise.all(all.map((group) => kinds(db, group, { limits })))
  expect(outcomes.flat().filter((kind) => kind === 'stored')).toHaveLength(people.length)
  expect(outcomes.flat().filter((kind) => kind === 'limited')).toHaveLength(11 * people.length)
  expect(lettersAndEvents(await stored(db, ...all.flat()))).toHaveLength(people.length)
})

test('a stale pending signup that is asked for many times at once is expired once and begun anew once', async () => {
  const first = entry(`stale${round}@example.com`)
  await record(db, [first])
  await sql`update signups set expires_at = now() - interval '1 second' where id = ${first.signupId}`.execute(
    db,
  )
  const again = Array.from({ length: 10 }, () => entry(`stale${round}@example.com`))
  const outcomes = await Promise.all(again.map((each) => kinds(db, [each])))
  expect(outcomes.flat().sort()).toEqual([...Array(9).fill('repeated'), 'stored'])
  const rows = await stored(db, first)
  expect(rows.map((row) => row.status)).toEqual(['expired', 'pending'])
  expect(rows[0]?.events.filter((event) => event.type === 'expired')).toHaveLength(1)
  expect(rows[1]?.letters).toHaveLength(10)
})

test('further letters and the relay taking the ones before, at once, never wait for each other in a circle', async () => {
  const people = Array.from({ length: 60 }, (_, n) => `circle${round}-${n}@example.com`)
  for (let turn = 0; turn < 12; turn++) {
    const sent = shuffled(people).map((email) => entry(email))
    await record(db, sent)
    const acceptances = shuffled(sent).map(({ letterId }) => ({ letterId, reply: '250 ok', at: new Date() }))
    await Promise.all([
      record(
        db,
        shuffled(people).map((email) => entry(email)),
      ),
      recordAccepted(db, acceptances, day),
      record(
        db,
        shuffled(people).map((email) => entry(email)),
      ),
    ])
  }
  expect(await deadlocks(db)).toBe(0)
})

describe('a group with a row that cannot be written', () => {
  const bad = (email: string): SignupEntry => entry(email, { source: 'a NUL \0 got through' })
  const good = (n: number) => entry(`good${round}-${n}@example.com`)

  test.each([
    ['a NUL', bad],
    ['a source that is too long', (email: string) => entry(email, { source: 'x'.repeat(65) })],
    ['a NUL in an attribute', (email: string) => entry(email, { attributes: { a: '\0' } })],
    ['a list that is not there', (email: string) => entry(email, { listId: 999_999 })],
  ])('is written whole or not at all: %s', async (_, wrong) => {
    const group = [good(1), wrong(`bad${round}@example.com`), good(2)]
    await expect(record(db, group)).rejects.toThrow()
    expect(await stored(db, ...group)).toEqual([])
    const hashes = group.map((each) => each.mailboxHash)
    const { rows } = await sql`select from mailboxes where hash = any(${hashes})`.execute(db)
    expect(rows).toHaveLength(0)
  })

  test('costs nobody else their signup', async () => {
    const door = groups(perList)
    const group = [good(1), good(2), bad(`bad${round}@example.com`), good(3), good(4)]
    const settled = await Promise.allSettled(group.map((each) => door.add(each)))
    expect(settled.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
    const rows = await stored(db, ...group)
    expect(rows).toHaveLength(4)
    expect(lettersAndEvents(rows)).toHaveLength(4)
    expect(door.waiting()).toBe(0)
  })

  test('the same signup twice, as after an answer that was lost, is refused and nothing is doubled', async () => {
    const once = good(1)
    await record(db, [once])
    await expect(record(db, [once])).rejects.toMatchObject({ code: '23505' })
    expect(await stored(db, once)).toMatchObject([{ letters: [{ id: once.letterId }], events: [{}] }])
  })
})

test('more than can wait are turned away at once, and the others are written', async () => {
  const door = groups(noLimits)
  const all = Array.from({ length: 2_010 }, (_, n) => door.add(entry(`full${round}-${n}@example.com`)))
  const settled = await Promise.allSettled(all)
  const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  expect(refused).toHaveLength(10)
  expect(refused.every((error: unknown) => error instanceof Error && error.name === 'TooManyWaiting')).toBe(
    true,
  )
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from letters where recipient like ${`full${round}-%`}`.execute(db)
  expect(rows[0]?.n).toBe(2_000)
})

test('one address, sent over and over, leaves room for others', async () => {
  const door = groups(perList)
  const flood = Array.from({ length: 1_500 }, () => door.add(entry(`flood${round}@example.com`)))
  const others = Array.from({ length: 200 }, (_, n) => door.add(entry(`calm${round}-${n}@example.com`)))
  const [flooded, calm] = [await Promise.allSettled(flood), await Promise.allSettled(others)]
  expect(calm.every(({ status }) => status === 'fulfilled')).toBe(true)
  expect(flooded.filter(({ status }) => status === 'rejected')).toHaveLength(500)
  // all that waited have gone, so there is room for the same address again
  expect(await door.add(entry(`flood${round}@example.com`))).toMatchObject({ kind: 'limited' })
})
