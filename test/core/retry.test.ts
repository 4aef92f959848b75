import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  declinedSeconds,
  giveUpAfterSeconds,
  pauseAfter,
  relayPauseAfter,
  suppressionAfter,
} from '../../src/core/retry.ts'

const day = 24 * 60 * 60
const chance = fc.double({ min: 0, max: 1, noNaN: true })

describe('the pause before a letter is tried again', () => {
  test('is 15 to 60 seconds at first: a visitor is waiting', () => {
    fc.assert(
      fc.property(chance, (one) => {
        expect(pauseAfter(1, one)).toBeGreaterThanOrEqual(15)
        expect(pauseAfter(1, one)).toBeLessThanOrEqual(60)
      }),
    )
  })

  test('never gets shorter, whatever chance says, until it has grown to hours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), chance, chance, (attempts, one, other) => {
        expect(pauseAfter(attempts + 1, one)).toBeGreaterThanOrEqual(pauseAfter(attempts, other))
      }),
    )
  })

  test('stays a finite number of hours after any number of tries', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), chance, (attempts, one) => {
        expect(pauseAfter(attempts, one)).toBeLessThanOrEqual(6 * 60 * 60)
      }),
    )
  })

  test('lets a letter be tried some twenty times in the two days', () => {
    let passed = 0
    let tries = 1
    while (passed + pauseAfter(tries, 0.5) < giveUpAfterSeconds) passed += pauseAfter(tries++, 0.5)
    expect(giveUpAfterSeconds).toBe(2 * day)
    expect(tries).toBeGreaterThan(10)
    expect(tries).toBeLessThan(40)
  })
})

test('the relay is tried again within half a minute, however long it has been in trouble', () => {
  expect(relayPauseAfter(1)).toBe(2)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (times) => {
      expect(relayPauseAfter(times + 1)).toBeGreaterThanOrEqual(relayPauseAfter(times))
      expect(relayPauseAfter(times)).toBeLessThanOrEqual(30)
    }),
  )
})

describe('suppression after a mailbox that does not exist', () => {
  const longest = 180 * day

  test('is a day at first, then twice as long each time, up to the longest', () => {
    const waits = [suppressionAfter(null, longest)]
    for (let times = 1; times < 10; times++) waits.push(suppressionAfter(waits.at(-1) ?? null, longest))
    expect(waits.map((seconds) => seconds / day)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 180, 180])
  })

  test('is never longer than SUPPRESS_FOR, be that less than a day', () => {
    expect(suppressionAfter(null, 3_600)).toBe(3_600)
    expect(suppressionAfter(10 * day, 2 * day)).toBe(2 * day)
  })
})

test('not-me keeps letters away for 180 days', () => {
  expect(declinedSeconds).toBe(180 * day)
})
