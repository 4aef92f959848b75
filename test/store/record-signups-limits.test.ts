// The group statement: limits for letters to one list, to one mailbox, and for clients.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Db } from '../../src/store/open-database.ts'
import type { SignupLimits } from '../../src/store/record-signups.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { entry, kinds, makeLists, noLimits, record, stored } from '../support/signup-entries.ts'

let one: TestDatabase
let db: Db
let lists: number[]
let person = 0
let email = ''
const start = new Date('2026-05-01T12:00:00Z')
const minutes = (n: number) => new Date(start.getTime() + n * 60_000)
const hours = (n: number) => minutes(n * 60)
const day = 24 * 3_600

const perList: SignupLimits = { ...noLimits, perList: { count: 3, seconds: day, pauseSeconds: 600 } }
const perMailbox: SignupLimits = { ...noLimits, perMailbox: { count: 4, seconds: day } }

beforeAll(async () => {
  one = await makeDatabase()
  db = one.database.db
  lists = await makeLists(db, 'a', 'b', 'c', 'd', 'e')
})
afterAll(() => one.close())
beforeEach(() => {
  email = `person${++person}@example.com`
})

/** Asks once at each time and says each outcome. */
async function asking(
  limits: SignupLimits,
  times: readonly Date[],
  asker?: 'renewal' | 'admin',
): Promise<string[]> {
  const outcomes: string[] = []
  for (const now of times) {
    outcomes.push(
      ...(await kinds(db, [entry(email)], { limits, now, ...(asker === undefined ? {} : { asker }) })),
    )
  }
  return outcomes
}

describe('letters to one mailbox about one list', () => {
  test('are three in 24 hours, and the oldest makes room when it is a day old', async () => {
    const times = [hours(0), hours(1), hours(2), hours(3), hours(23.99), hours(24), hours(24.5), hours(25)]
    const outcomes = [
      'stored',
      'repeated',
      'repeated',
      'limited',
      'limited',
      'repeated',
      'limited',
      'repeated',
    ]
    expect(await asking(perList, times)).toEqual(outcomes)
  })

  test('keep ten minutes between two, counted from the last that was sent', async () => {
    const times = [minutes(0), minutes(9.99), minutes(10), minutes(19), minutes(20)]
    expect(await asking(perList, times)).toEqual(['stored', 'limited', 'repeated', 'limited', 'repeated'])
  })

  test('beyond the limit store nothing: neither signup nor letter nor event nor address', async () => {
    const first = entry(email)
    await record(db, [first], { limits: perList, now: start })
    const before = await stored(db, first)
    const variant = entry(email.replace('@', '+tag@'))
    expect(await kinds(db, [entry(email)], { limits: perList, now: start })).toEqual(['limited'])
    expect(await kinds(db, [variant], { limits: perList, now: start })).toEqual(['limited'])
    expect(await stored(db, first)).toEqual(before)
    expect(await stored(db, variant)).toEqual([])
    const { rows } = await one.database.pool.query('select from addresses where email = $1', [variant.email])
    expect(rows).toHaveLength(0)
  })

  test('are counted for each list alone', async () => {
    const group = (now: Date) =>
      Promise.all(lists.map((listId) => kinds(db, [entry(email, { listId })], { limits: perList, now })))
    expect((await group(start)).flat()).toEqual(['stored', 'stored', 'stored', 'stored', 'stored'])
    expect((await group(minutes(1))).flat()).toEqual(Array(5).fill('limited'))
  })

  test('by renewing need no pause but count', async () => {
    const outcomes = ['stored', 'repeated', 'repeated', 'limited']
    expect(await asking(perList, [start, start, start, start], 'renewal')).toEqual(outcomes)
    expect(await asking(perList, [hours(1)])).toEqual(['limited'])
  })

  test('by the admin are never refused but count', async () => {
    expect(await asking(perList, Array(5).fill(start), 'admin')).toEqual([
      'stored',
      ...Array(4).fill('repeated'),
    ])
    expect(await asking(perList, [hours(1)], 'renewal')).toEqual(['limited'])
    expect(await asking(perList, [hours(24)])).toEqual(['repeated'])
  })

  test('are not counted when the limit is off, and need no pause either', async () => {
    expect(await asking(noLimits, Array(4).fill(start))).toEqual([
      'stored',
      'repeated',
      'repeated',
      'repeated',
    ])
  })
})

describe('letters to one mailbox over all lists', () => {
  async function over(spellings: readonly string[], now = start): Promise<string[]> {
    const outcomes: string[] = []
    for (const [at, spelling] of spellings.entries()) {
      const listId = lists[at % lists.length] ?? 1
      outcomes.push(...(await kinds(db, [entry(spelling, { listId })], { limits: perMailbox, now })))
    }
    return outcomes
  }

  test('are as many as the limit says, and again when they are a day old', async () => {
    const all = Array<string>(5).fill(email)
    expect(await over(all)).toEqual(['stored', 'stored', 'stored', 'stored', 'limited'])
    expect(await over(all.slice(0, 1), hours(23.9))).toEqual(['limited'])
    expect(await over(all.slice(0, 1), hours(24))).toEqual(['repeated'])
  })

  test('are counted without +tag and without capitals', async () => {
    const tags = ['', '+a', '+B', '+c+d', '+e'].map((tag) => email.replace('@', `${tag}@`))
    expect(await over([...tags, email.toUpperCase()])).toEqual([
      ...Array(4).fill('stored'),
      'limited',
      'limited',
    ])
  })

  test('are counted without dots at Gmail, whose two domains are one, and with dots elsewhere', async () => {
    const spellings = [`j.ohn${person}`, `jo.hn${person}+x`, `J.O.H.N${person}`, `john${person}`]
    const gmail = spellings.map((local, n) => `${local}@${n % 2 ? 'gmail' : 'googlemail'}.com`)
    expect(await over([...gmail, `john${person}@gmail.com`])).toEqual([...Array(4).fill('stored'), 'limited'])
    const elsewhere = ['j.ane', 'ja.ne', 'jan.e', 'j.a.ne', 'jane'].map(
      (local) => `${local}${person}@example.com`,
    )
    expect(await over(elsewhere)).toEqual(Array(5).fill('stored'))
  })

  test('need room under both limits', async () => {
    const both: SignupLimits = { ...perList, perMailbox: { count: 2, seconds: 3_600 } }
    const times = [minutes(0), minutes(10), minutes(20), minutes(60), minutes(61)]
    expect(await asking(both, times)).toEqual(['stored', 'repeated', 'limited', 'repeated', 'limited'])
  })

  test('count also while the limit for the list is off, and the other way round', async () => {
    expect(await asking(perMailbox, Array(5).fill(start))).toEqual([
      'stored',
      ...Array(3).fill('repeated'),
      'limited',
    ])
  })
})

describe('signups from one client', () => {
  const perClient: SignupLimits = { ...noLimits, perClient: { count: 3, seconds: 600 } }
  let client = ''
  beforeEach(() => {
    client = `4:192.0.2.${person}`
  })

  async function from(keys: readonly (readonly [key: string, wide: string | null])[], now = start) {
    const group = keys.map(([clientKey, clientWideKey], n) =>
      entry(`${n}-${Math.random()}@example.com`, { clientKey, clientWideKey }),
    )
    return record(db, group, { limits: perClient, now })
  }
  const kindsFrom = async (...given: Parameters<typeof from>) =>
    (await from(...given)).map(({ kind }) => kind)
  const times = (n: number, key = client): [string, string | null][] =>
    Array.from({ length: n }, () => [key, null])

  test('are as many as the limit says, in one group or in several', async () => {
    expect(await kindsFrom(times(5))).toEqual(['stored', 'stored', 'stored', 'too-many', 'too-many'])
    expect(await kindsFrom(times(1))).toEqual(['too-many'])
    expect(await kindsFrom([[`${client}0`, null], ...times(1)])).toEqual(['stored', 'too-many'])
  })

  test('are told when the window ends, and are taken again from then on', async () => {
    await from(times(2))
    expect(await from(times(2), minutes(5))).toMatchObject([
      { kind: 'stored' },
      { kind: 'too-many', until: minutes(10) },
    ])
    expect(await kindsFrom(times(1), minutes(9.99))).toEqual(['too-many'])
    expect(await kindsFrom(times(4), minutes(10))).toEqual(['stored', 'stored', 'stored', 'too-many'])
  })

  test('store nothing beyond it, and honeypots count', async () => {
    const group = [
      ...Array.from({ length: 3 }, (_, n) => entry(`bot${n}${email}`, { clientKey: client, ignored: true })),
      entry(email, { clientKey: client }),
    ]
    expect(await kinds(db, group, { limits: perClient, now: start })).toEqual([
      ...Array(3).fill('ignored'),
      'too-many',
    ])
    expect(await stored(db, ...group)).toEqual([])
  })

  test('from one /48 are five times as many as from one /64', async () => {
    const wide = `6:2001:db8:${person}::/48`
    const houses = (n: number): [string, string][] =>
      Array.from({ length: n }, (_, at) => [`${wide}-${at}`, wide])
    expect(await kindsFrom(houses(16))).toEqual([...Array(15).fill('stored'), 'too-many'])
    const one = [[`${wide}-new`, wide]] as const
    expect(await from(one, minutes(1))).toMatchObject([{ kind: 'too-many', until: minutes(10) }])
    expect(await kindsFrom(one, minutes(10))).toEqual(['stored'])
  })

  test('from a /64 that is over its limit do not use up those of its /48', async () => {
    const wide = `6:2001:db8:${person}::/48`
    const loud = Array.from({ length: 20 }, () => [`${wide}-loud`, wide] as const)
    expect((await kindsFrom(loud)).filter((kind) => kind === 'stored')).toHaveLength(3)
    await from(loud)
    expect(await kindsFrom([[`${wide}-neighbour`, wide], ...loud])).toEqual([
      'stored',
      ...Array(20).fill('too-many'),
    ])
  })

  test('are told the end of the window that is full, not of the other', async () => {
    const wide = `6:2001:db8:${person}::/48`
    await from([...times(3, `${wide}-one`)].map(([key]) => [key, null] as const))
    await from([[`${wide}-two`, wide]], minutes(8))
    expect(await from([[`${wide}-one`, wide]], minutes(9))).toMatchObject([
      { kind: 'too-many', until: minutes(10) },
    ])
  })

  test('are not counted when the limit is off', async () => {
    const group = Array.from({ length: 10 }, (_, n) => entry(`off${n}${email}`, { clientKey: client }))
    expect(await kinds(db, group, { limits: noLimits, now: start })).toEqual(Array(10).fill('stored'))
    expect(await kindsFrom(times(1))).toEqual(['stored'])
  })

  test('in many groups at once never pass the limit', async () => {
    const rounds = await Promise.all(Array.from({ length: 20 }, () => kindsFrom(times(2))))
    expect(rounds.flat().filter((kind) => kind === 'stored')).toHaveLength(3)
  })
})
