import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bounceRate, isHardBounce, judgeRate } from '../../../src/core/report/bounce-rate.ts'

const letters = { letters: 100, refused: 0, hard: 4 }

test('it is hard bounces over accepted letters, and never more than all of them', () => {
  expect(bounceRate({ letters: 200, hard: 5 })).toBe(0.025)
  expect(bounceRate({ letters: 0, hard: 0 })).toBeNull()
  expect(bounceRate({ letters: 0, hard: 7 })).toBe(1)
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(1e6), (accepted, hard) => {
      const rate = bounceRate({ letters: accepted, hard }) ?? 0
      expect(rate).toBeGreaterThanOrEqual(0)
      expect(rate).toBeLessThanOrEqual(1)
    }),
  )
})

test('failures of the address are hard, those of the moment, of us or of anger are not', () => {
  expect(
    (['mailbox-does-not-exist', 'domain-problem', 'bad-address', 'mailbox-disabled'] as const).every(
      isHardBounce,
    ),
  ).toBe(true)
  expect(
    (['mailbox-full', 'policy-or-spam', 'other-permanent', 'temporary', 'complaint'] as const).some(
      isHardBounce,
    ),
  ).toBe(false)
})

describe('the limit is exceeded', () => {
  test('above it, not at it', () => {
    expect(judgeRate(letters, 0.03)).toMatchObject({ rate: 0.04, limit: 0.03, exceeded: true })
    expect(judgeRate({ ...letters, hard: 3 }, 0.03)).toMatchObject({ rate: 0.03, exceeded: false })
  })

  test('by a hundred letters and not by fewer, those counted that the relay refused', () => {
    expect(judgeRate({ ...letters, letters: 99 }, 0.03).exceeded).toBe(false)
    expect(judgeRate({ letters: 95, refused: 5, hard: 5 }, 0.03).exceeded).toBe(true)
    expect(judgeRate({ letters: 0, refused: 100, hard: 100 }, 0.03)).toMatchObject({
      rate: 1,
      exceeded: true,
    })
  })

  test('never where no alarm is wanted', () => {
    expect(judgeRate({ letters: 1, refused: 1_000, hard: 1_000 }, null).exceeded).toBe(false)
  })
})
