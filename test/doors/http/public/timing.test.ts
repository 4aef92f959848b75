// The time that an answer takes tells nothing about an address: every kind against a new one, by ranks. A machine under
// load makes all of them slower and none of them later than another; whoever answers without the same work is seen.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { json, newAddress } from '../../../support/http.ts'
import { makeKnownPeople } from '../../../support/known-people.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'
import { type Ask, chanceOfLonger, type Timings, timeKinds } from '../../../support/timing.ts'

const rounds = 150
const warmUp = 20
const perMailbox = 3
/**
 * How far from an even chance a kind may be. Of 150 answers each, chance alone makes 0.2 of it once in a thousand
 * million times; an answer without the database is at 0.4 and more.
 */
const mostApart = 0.2

let service: TestService
beforeAll(async () => {
  service = await startTestService({
    LETTERS_PER_LIST: 'off',
    LETTERS_PER_MAILBOX: `${perMailbox}/24h`,
    PROOF_OF_WORK: 'off',
    // letters are another process's work
    ROLES: 'http',
  })
})
afterAll(() => service.close())

const someone = () => `${randomUUID()}@example.org`
const signup = (email: string, more: object = {}): ReturnType<Ask> => ({
  path: '/signups',
  body: { email, ...more },
})

function expectAlike(timings: Timings<string>, than: string): void {
  const apart = Object.entries(timings).map(([kind, ms]) => {
    const chance = chanceOfLonger(ms, timings[than] ?? [])
    return { kind, chance: chance.toFixed(3), isAlike: Math.abs(chance - 0.5) < mostApart }
  })
  expect(apart.filter(({ isAlike }) => !isAlike)).toEqual([])
}

test('POST /signups: new, pending, confirmed, limited, suppressed by its owner or a bounce, honeypot', async () => {
  const known = await makeKnownPeople(service.service.db, rounds + warmUp, perMailbox)
  const oneOf =
    (emails: string[]): Ask =>
    () =>
      signup(emails.pop() ?? '')
  const timings = await timeKinds(
    service.base,
    {
      new: () => signup(someone()),
      repeat: oneOf(known.repeat),
      already: oneOf(known.already),
      limited: oneOf(known.limited),
      declined: oneOf(known.declined),
      bounced: oneOf(known.bounced),
      honeypot: () => signup(someone(), { website: 'http://spam.example' }),
      // no address at all, which only a program in the trap gets away with
      nonsense: () => signup('no address', { website: 'http://spam.example' }),
    },
    { rounds, warmUp, expected: 202 },
  )
  expectAlike(timings, 'new')
})

test('GET /signups/{handle}: with a letter of its own and without one', async () => {
  const handleOf = async (fields: object): Promise<Ask> => {
    const { handle } = await json(await service.signUp({ email: newAddress(), ...fields }))
    return () => ({ path: `/signups/${String(handle)}`, body: null })
  }
  const kinds = { new: await handleOf({}), quiet: await handleOf({ website: 'http://spam.example' }) }
  expectAlike(await timeKinds(service.base, kinds, { rounds, warmUp, expected: 200 }), 'new')
})

describe('the measure', () => {
  const sample = (shift: number) => Array.from({ length: 200 }, () => Math.random() + shift)

  test('is even for the same, and tells a shift that hides in the spread', () => {
    expect(chanceOfLonger([1, 2, 3], [1, 2, 3])).toBe(0.5)
    expect(chanceOfLonger([4, 5], [1, 2, 3])).toBe(1)
    expect(chanceOfLonger([2], [1, 2, 2, 3])).toBe(0.5)
    expect(chanceOfLonger(sample(0.5), sample(0))).toBeGreaterThan(0.5 + mostApart)
  })

  test('minds no pause of the machine', () => {
    const paused = sample(0).map((ms, at) => (at % 20 === 0 ? ms + 1_000 : ms))
    expect(Math.abs(chanceOfLonger(paused, sample(0)) - 0.5)).toBeLessThan(mostApart)
  })
})
