// What counts as a wave of refusals, by numbers alone.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Aftermath,
  domainThresholds,
  isOver,
  jump,
  logChance,
  providerThresholds,
  reputationThresholds,
  usualShare,
} from '../../../src/core/bounce/wave.ts'

const isWave = (clients: number, accepted: number, before: [refused: number, accepted: number]) =>
  jump({ clients, accepted, before: { refused: before[0], accepted: before[1] } }, domainThresholds) !== null

describe('a domain', () => {
  test.each([
    ['a small site: five of five where eight a day were taken', 5, 0, [2, 110], true],
    ['a small site in its first hour', 6, 0, [0, 12], true],
    ['a large one: one in ten of 2,000 where one in fifty was usual', 300, 1_700, [200, 9_800], true],
    ['a large one in the first minute of an outage', 12, 0, [200, 9_800], true],
    ['two dead mailboxes in a row', 2, 0, [2, 110], false],
    ['three of eight on a day', 3, 5, [2, 110], false],
    ['a domain that never took a letter', 500, 0, [500, 0], false],
    ['a domain of which nothing is known', 500, 0, [0, 0], false],
    ['a domain where half is refused, always', 10, 10, [100, 100], false],
    ['two percent becoming four', 80, 1_920, [200, 9_800], false],
    ['a tenth becoming a quarter', 500, 1_500, [1_000, 9_000], false],
  ] as const)('%s', (_, clients, accepted, before, expected) => {
    expect(isWave(clients, accepted, [...before])).toBe(expected)
  })
})

const some = fc.nat({ max: 3_000 })
const numbers = fc.record({
  clients: some,
  accepted: some,
  before: fc.record({ refused: some, accepted: some }),
})
const anyThresholds = fc.constantFrom(domainThresholds, providerThresholds, reputationThresholds)

describe('whatever the numbers', () => {
  test('one more refusal never takes an alarm back', () => {
    fc.assert(
      fc.property(numbers, anyThresholds, fc.boolean(), (n, least, wasAccepted) => {
        fc.pre(jump(n, least) !== null)
        // of a further letter, or of one that had been accepted before its report came
        const accepted = Math.max(0, n.accepted - (wasAccepted ? 1 : 0))
        expect(jump({ ...n, clients: n.clients + 1, accepted }, least)).not.toBeNull()
      }),
      { numRuns: 2_000 },
    )
  })

  test('one client alone, and two, raise none', () => {
    fc.assert(
      fc.property(numbers, fc.nat({ max: 2 }), anyThresholds, (n, clients, least) => {
        expect(jump({ ...n, clients }, least)).toBeNull()
      }),
    )
  })

  test('a share of refusals that is no larger than before is none, once ten letters say how it was before', () => {
    fc.assert(
      fc.property(numbers, anyThresholds, ({ clients, accepted, before }, least) => {
        // Of fewer it is not known: a first day that begins with refusals is a jump from what is assumed.
        fc.pre(before.refused + before.accepted >= 10)
        fc.pre(clients * (before.refused + before.accepted) <= before.refused * (clients + accepted))
        expect(jump({ clients, accepted, before }, least)).toBeNull()
      }),
      { numRuns: 2_000 },
    )
  })

  test('one more letter accepted before makes no alarm weaker', () => {
    fc.assert(
      fc.property(numbers, anyThresholds, (n, least) => {
        fc.pre(jump(n, least) !== null)
        const before = { ...n.before, accepted: n.before.accepted + 1 }
        expect(jump({ ...n, before }, least)).not.toBeNull()
      }),
    )
  })
})

describe('the chance', () => {
  test('is that of so many or more', () => {
    expect(Math.exp(logChance(1, 1, 0.25))).toBeCloseTo(0.25, 12)
    expect(Math.exp(logChance(3, 3, 0.5))).toBeCloseTo(0.125, 12)
    expect(Math.exp(logChance(2, 3, 0.5))).toBeCloseTo(0.5, 12)
    expect(Math.exp(logChance(1, 10, 0.1))).toBeCloseTo(1 - 0.9 ** 10, 12)
    expect(Math.exp(logChance(0, 10, 0.1))).toBe(1)
  })

  test('is no larger for one more among one more, and no smaller for a larger share', () => {
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true })
    fc.assert(
      fc.property(fc.nat({ max: 400 }), fc.nat({ max: 400 }), share, share, (refused, accepted, a, b) => {
        const tried = refused + accepted
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        expect(logChance(refused + 1, tried + 1, low)).toBeLessThanOrEqual(
          logChance(refused, tried, low) + 1e-9,
        )
        expect(logChance(refused, tried, low)).toBeLessThanOrEqual(logChance(refused, tried, high) + 1e-9)
      }),
    )
  })

  test('what is usual lies between what was seen and an ordinary form', () => {
    expect(usualShare({ refused: 0, accepted: 0 })).toBe(0.05)
    expect(usualShare({ refused: 0, accepted: 980 })).toBe(0.001)
  })
})

describe('the end of a wave', () => {
  const minutes = (n: number) => new Date(Date.UTC(2026, 0, 31, 12) + n * 60_000)
  const open: Aftermath = {
    now: minutes(60),
    noticedAt: minutes(0),
    lastRefusalAt: minutes(59),
    acceptedSinceLast: 0,
    recent: { clients: 40, accepted: 10 },
    usual: 0.02,
  }

  test.each<[string, Partial<Aftermath>, boolean]>([
    ['refusals go on', {}, false],
    ['nobody has written there for an hour', { lastRefusalAt: minutes(0) }, true],
    [
      'ten letters were taken, and none refused for ten minutes',
      { lastRefusalAt: minutes(50), acceptedSinceLast: 10 },
      true,
    ],
    ['nine were', { lastRefusalAt: minutes(50), acceptedSinceLast: 9 }, false],
    ['a hundred were taken at once, of which reports may still come', { acceptedSinceLast: 100 }, false],
    ['as few are refused as before', { recent: { clients: 5, accepted: 295 } }, true],
    ['fewer are refused, but not as few', { recent: { clients: 60, accepted: 240 } }, false],
  ])('%s', (_, change, expected) => {
    expect(isOver({ ...open, ...change })).toBe(expected)
  })

  test('one more refusal never ends it', () => {
    const state = fc.record({
      silence: fc.nat({ max: 120 }),
      acceptedSinceLast: fc.nat({ max: 50 }),
      clients: fc.nat({ max: 300 }),
      accepted: fc.nat({ max: 300 }),
      usual: fc.double({ min: 0.001, max: 0.5, noNaN: true }),
    })
    fc.assert(
      fc.property(state, ({ silence, acceptedSinceLast, clients, accepted, usual }) => {
        const lastRefusalAt = minutes(60 - silence)
        const before = { ...open, lastRefusalAt, acceptedSinceLast, recent: { clients, accepted }, usual }
        fc.pre(!isOver(before))
        const recent = { clients: clients + 1, accepted }
        expect(isOver({ ...before, lastRefusalAt: before.now, acceptedSinceLast: 0, recent })).toBe(false)
      }),
    )
  })
})
