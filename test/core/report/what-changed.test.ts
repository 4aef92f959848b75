import fc from 'fast-check'
import { expect, test } from 'vitest'
import { categories } from '../../../src/core/bounce/category.ts'
import { findChanges, type PeriodCounts } from '../../../src/core/report/what-changed.ts'

const none = Object.fromEntries(categories.map((category) => [category, 0]))

function period(letters: number, bounces: Record<string, number>, hard = 0): PeriodCounts {
  return { letters, hard, bounces: { ...none, ...bounces } }
}

test('a share that jumps or falls is a change, with its direction', () => {
  const now = period(1_000, { 'mailbox-does-not-exist': 60, 'mailbox-full': 5 }, 60)
  const before = period(1_000, { 'mailbox-does-not-exist': 20, 'mailbox-full': 40 }, 20)
  expect(findChanges(now, before)).toEqual([
    { what: 'hard-bounces', direction: 'up', now: 60, before: 20 },
    { what: 'mailbox-does-not-exist', direction: 'up', now: 60, before: 20 },
    { what: 'mailbox-full', direction: 'down', now: 5, before: 40 },
  ])
})

test('twice as many bounces of twice as many letters are none', () => {
  expect(findChanges(period(2_000, { temporary: 80 }), period(1_000, { temporary: 40 }))).toEqual([])
})

test('a handful is none, and nothing can be compared to a period without letters', () => {
  expect(findChanges(period(50, { complaint: 4 }), period(5_000, {}))).toEqual([])
  expect(findChanges(period(500, { complaint: 100 }), period(0, {}))).toEqual([])
  expect(findChanges(period(0, {}), period(0, {}))).toEqual([])
})

test('seen from the other side every change is the opposite', () => {
  const counts = fc
    .tuple(fc.nat(5_000), fc.nat(300), fc.nat(300))
    .map(([letters, full, hard]) => period(letters, { 'mailbox-full': full }, hard))
  fc.assert(
    fc.property(counts, counts, (one, other) => {
      const turned = findChanges(other, one).map(({ what, direction, now, before }) => ({
        what,
        direction: direction === 'up' ? 'down' : 'up',
        now: before,
        before: now,
      }))
      expect(findChanges(one, other)).toEqual(turned)
      expect(findChanges(one, one)).toEqual([])
    }),
  )
})
