import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  dayOf,
  daysIn,
  isDayOfLetters,
  mondayOf,
  partsOf,
  periodBefore,
  periodsDue,
} from '../../../src/core/report/period.ts'

const anyDay = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2999-11-30'), noInvalidDate: true })
  .map(dayOf)
const anyPeriod = fc.tuple(anyDay, fc.nat(60)).map(([from, days]) => ({ from, to: addDays(from, days) }))

test('the period before is as long and ends the day before', () => {
  expect(periodBefore({ from: '2026-03-01', to: '2026-03-01' })).toEqual({
    from: '2026-02-28',
    to: '2026-02-28',
  })
  fc.assert(
    fc.property(anyPeriod, (period) => {
      const before = periodBefore(period)
      expect(daysIn(before)).toBe(daysIn(period))
      expect(addDays(before.to, 1)).toBe(period.from)
    }),
  )
})

test('a period is cut into its days, or into weeks from Monday on, without gaps, newest first', () => {
  expect(partsOf({ from: '2026-01-28', to: '2026-02-10' }, 'week')).toEqual([
    { from: '2026-02-09', to: '2026-02-10' },
    { from: '2026-02-02', to: '2026-02-08' },
    { from: '2026-01-28', to: '2026-02-01' },
  ])
  fc.assert(
    fc.property(anyPeriod, fc.constantFrom('day' as const, 'week' as const), (period, kind) => {
      const parts = partsOf(period, kind).reverse()
      expect(parts.at(0)?.from).toBe(period.from)
      expect(parts.at(-1)?.to).toBe(period.to)
      for (const [n, part] of parts.entries()) {
        expect(daysIn(part)).toBeLessThanOrEqual(kind === 'day' ? 1 : 7)
        if (n > 0) expect(part.from).toBe(addDays(parts[n - 1]?.to ?? '', 1))
        if (n > 0 && kind === 'week') expect(mondayOf(part.from)).toBe(part.from)
      }
    }),
  )
})

describe('reports are due', () => {
  const due = (time: string) =>
    periodsDue(new Date(time)).map(({ kind, period }) => [kind, period.from, period.to])

  test('for the last day and the last week that are over, five hours after midnight', () => {
    // a Monday
    expect(due('2026-02-02T04:59:59Z')).toEqual([
      ['day', '2026-01-31', '2026-01-31'],
      ['week', '2026-01-19', '2026-01-25'],
    ])
    expect(due('2026-02-02T05:00:00Z')).toEqual([
      ['day', '2026-02-01', '2026-02-01'],
      ['week', '2026-01-26', '2026-02-01'],
    ])
    expect(due('2026-02-08T23:00:00Z')[1]).toEqual(['week', '2026-01-26', '2026-02-01'])
  })
})

test('days that no letter was sent on are known for what they are', () => {
  expect(['2000-01-01', '2026-01-31', '2999-12-31'].every(isDayOfLetters)).toBe(true)
  expect(['0001-01-01', '1999-12-31', '3000-01-01', '9999-12-31'].some(isDayOfLetters)).toBe(false)
})
