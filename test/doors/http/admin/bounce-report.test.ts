import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addDays, dayOf } from '../../../../src/core/report/period.ts'
import { watchBounceRate } from '../../../../src/flows/watch-bounce-rate.ts'
import { type AdminHouse, openAdminHouse } from '../../../support/admin-house.ts'
import { countTraffic } from '../../../support/bounce-traffic.ts'

let house: AdminHouse
let today: string

beforeEach(async () => {
  house = await openAdminHouse()
  today = dayOf(house.deps.now())
})
afterEach(() => house.close())

type Figures = { from: string; to: string; letters: number; hard_bounces: number; rate: number | null }
type Report = {
  by: string
  last_24_hours: { letters: number; rate: number; limit: number; exceeded: boolean; since: string | null }
  period: Figures & { refused: number; bounces: Record<string, number> }
  before: Figures
  items: Figures[]
  standing_out: Record<'domains' | 'sources' | 'lists', { key: string; rate: number; is_new: boolean }[]>
  changes: { what: string; direction: string }[]
  open_waves: unknown[]
}
const get = (query = '') => house.json<Report>(`/api/bounces/report${query}`)

function goBack(days: number): void {
  house.passSeconds(-days * 86_400)
}

/** Letters of some days ago. */
function count(
  daysAgo: number,
  ...more: Parameters<typeof countTraffic> extends [unknown, ...infer R] ? R : never
) {
  goBack(daysAgo)
  countTraffic(house.deps.tally, ...more)
  goBack(-daysAgo)
}

test('without anything it says so', async () => {
  expect(await get()).toMatchObject({
    by: 'day',
    last_24_hours: { letters: 0, refused: 0, hard_bounces: 0, rate: null, limit: 0.03, exceeded: false },
    period: { from: today, to: today, letters: 0, hard_bounces: 0, rate: null },
    before: { from: addDays(today, -1), to: addDays(today, -1), letters: 0 },
    standing_out: { domains: [], sources: [], lists: [] },
    changes: [],
    open_waves: [],
  })
})

test('what has just happened is in the report of today, beside yesterday', async () => {
  count(0, { letters: 200, refused: 3, hard: 8, full: 2 })
  count(1, { letters: 100, hard: 1 })
  const { period, before, items } = await get()
  expect(period).toMatchObject({
    letters: 200,
    refused: 3,
    hard_bounces: 8,
    rate: 0.04,
    bounces: expect.objectContaining({ 'mailbox-does-not-exist': 8, 'mailbox-full': 2, complaint: 0 }),
  })
  expect(before).toMatchObject({ letters: 100, hard_bounces: 1, rate: 0.01 })
  expect(items).toEqual([period])
})

describe('by week', () => {
  test('it is seven days that end today, in the weeks that they are parts of', async () => {
    count(6, { letters: 10 })
    count(7, { letters: 20 })
    count(13, { letters: 30 })
    count(14, { letters: 40 })
    const { by, period, before, items } = await get('?by=week')
    expect(by).toBe('week')
    expect(period).toMatchObject({ from: addDays(today, -6), to: today, letters: 10 })
    expect(before).toMatchObject({ from: addDays(today, -13), to: addDays(today, -7), letters: 50 })
    expect(items.reduce((all, part) => all + part.letters, 0)).toBe(10)
  })
})

test('days that are given are taken, one line each, newest first', async () => {
  count(2, { letters: 5 })
  count(3, { letters: 7, hard: 1 })
  const [from, to] = [addDays(today, -3), addDays(today, -2)]
  const { period, items } = await get(`?from=${from}&to=${to}`)
  expect(period).toMatchObject({ from, to, letters: 12 })
  expect(items.map(({ from: day, letters }) => [day, letters])).toEqual([
    [to, 5],
    [from, 7],
  ])
})

test('what stands out is named, as it was typed, and whether that is new', async () => {
  count(0, { letters: 500, hard: 5 })
  count(1, { letters: 500, hard: 5 })
  count(0, { letters: 20, hard: 20 }, { domain: 'gmial.com', source: 'a <b>.c', list: 'shop' })
  count(0, { letters: 20, hard: 20 }, { domain: 'old.example', source: null })
  count(1, { letters: 20, hard: 20 }, { domain: 'old.example', source: null })
  const { standing_out, changes } = await get()
  expect(standing_out.domains.map(({ key, is_new }) => [key, is_new])).toEqual([
    ['gmial.com', true],
    ['old.example', false],
  ])
  expect(standing_out.sources.map(({ key, is_new }) => [key, is_new])).toEqual([
    ['', false],
    ['a <b>.c', true],
  ])
  expect(standing_out.lists).toEqual([expect.objectContaining({ key: 'shop', hard_bounces: 20, rate: 1 })])
  expect(changes).toEqual([])
})

test('a jump is a change', async () => {
  count(0, { letters: 500, full: 60 })
  count(1, { letters: 500, full: 10 })
  expect((await get()).changes).toEqual([{ what: 'mailbox-full', direction: 'up', now: 60, before: 10 }])
})

test('the alarm is in every report, whatever its days', async () => {
  count(0, { letters: 100, hard: 10 })
  await house.deps.tally.flush()
  await watchBounceRate(house.deps)
  expect((await get('?from=2020-01-01&to=2020-01-02')).last_24_hours).toMatchObject({
    letters: 100,
    hard_bounces: 10,
    rate: 0.1,
    limit: 0.03,
    exceeded: true,
    since: expect.stringMatching(/Z$/),
  })
})

test.each([
  ['by=month', 'by'],
  ['from=yesterday', 'from'],
  ['from=2026-02-30', 'from'],
  ['to=2026-1-1', 'to'],
  ['from=2026-02-01&to=2026-01-01', 'from'],
  ['from=2024-01-01&to=2026-01-01', 'from'],
  ['to=9999-12-31', 'to'],
  ['to=0000-01-01', 'to'],
  ['from=0001-01-01&to=2000-01-01', 'from'],
])('?%s is refused by name', async (query, field) => {
  expect(await house.json(`/api/bounces/report?${query}`)).toMatchObject({
    status: 400,
    code: 'bad-request',
    field,
  })
})
