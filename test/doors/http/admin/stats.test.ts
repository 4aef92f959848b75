import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AdminHouse, openAdminHouse } from '../../../support/admin-house.ts'

let house: AdminHouse
const today = new Date().toISOString().slice(0, 10)

beforeAll(async () => {
  house = await openAdminHouse()
  const shop = { list: 'default', source: 'shop', domain: 'example.com' }
  const other = { list: 'second', source: null, domain: 'example.org' }
  const { tally } = house.deps
  tally.count('signups', shop)
  tally.count('signups', shop)
  tally.count('signups', other)
  tally.count('suggestions-shown/typo', shop)
  tally.count('suggestions-taken/format', shop)
  tally.count('suggestions-declined/typo', other)
  tally.count('suggestions-declined-confirmed/typo', other)
  tally.count('suggestions-declined-bounced/typo', shop)
  tally.count('disposable', shop)
  tally.count('letters', shop)
  tally.count('confirmed', other)
  tally.count('invalid', shop)
  tally.count('declined', shop)
  tally.count('unsubscribed', shop)
  tally.count('bounces/mailbox-full', shop)
})
afterAll(() => house.close())

type Line = Record<string, unknown> & { bounces: Record<string, number> }
const get = (query: string) => house.json<{ items: Line[]; next: null }>(`/api/stats${query}`)
const nothing = {
  signups: 0,
  suggestions_shown: 0,
  suggestions_taken: 0,
  suggestions_declined: 0,
  suggestions_declined_confirmed: 0,
  suggestions_declined_bounced: 0,
  disposable: 0,
  letters: 0,
  confirmed: 0,
  invalid: 0,
  declined: 0,
  unsubscribed: 0,
}

test('what has just happened is counted, by day unless something else is asked for', async () => {
  const { items, next } = await get('')
  expect(next).toBeNull()
  expect(items).toHaveLength(1)
  const { bounces, suggestions_by_reason, ...counts } = items[0] ?? { bounces: {} }
  expect(counts).toEqual({
    day: today,
    signups: 3,
    suggestions_shown: 1,
    suggestions_taken: 1,
    suggestions_declined: 1,
    suggestions_declined_confirmed: 1,
    suggestions_declined_bounced: 1,
    disposable: 1,
    letters: 1,
    confirmed: 1,
    invalid: 1,
    declined: 1,
    unsubscribed: 1,
    brought_back: 0,
    hard_bounces: 0,
    bounce_rate: 0,
  })
  const none = { shown: 0, taken: 0, declined: 0, declined_confirmed: 0, declined_bounced: 0 }
  expect(suggestions_by_reason).toEqual({
    typo: { ...none, shown: 1, declined: 1, declined_confirmed: 1, declined_bounced: 1 },
    format: { ...none, taken: 1 },
    'domain-takes-no-mail': none,
  })
  expect(bounces).toMatchObject({ 'mailbox-full': 1, 'mailbox-does-not-exist': 0, complaint: 0 })
})

test.each([
  ['source', ['', 'shop']],
  ['domain', ['example.com', 'example.org']],
  ['list', ['default', 'second']],
])('by %s', async (by, keys) => {
  const { items } = await get(`?by=${by}&from=${today}&to=${today}`)
  expect(items.map((item) => item[by]).sort()).toEqual(keys)
  const second = items.find((item) => item[by] === '' || item[by] === 'example.org' || item[by] === 'second')
  expect(second).toMatchObject({
    ...nothing,
    [by]: second?.[by],
    signups: 1,
    suggestions_declined: 1,
    suggestions_declined_confirmed: 1,
    confirmed: 1,
  })
})

test('days outside are left out', async () => {
  expect(await get('?from=2020-01-01&to=2020-12-31')).toEqual({ items: [], next: null })
})

test.each(['from=0000-01-01', 'from=0001-01-01', 'from=0000-01-01&to=9999-12-31', 'to=9999-12-31'])(
  '%s, days older or newer than any of ours, are read',
  async (query) => {
    expect(await get(`?by=list&${query}`)).toMatchObject({ items: expect.any(Array), next: null })
  },
)

test('before the first of all days there is nothing', async () => {
  expect(await get('?to=0001-01-01')).toEqual({ items: [], next: null })
})

test.each([
  ['by=hour', 'by'],
  ['from=yesterday', 'from'],
  ['from=2026-02-30', 'from'],
  ['to=2026-1-1', 'to'],
  ['from=2026-02-01&to=2026-01-01', 'from'],
])('%s is refused by name', async (query, field) => {
  expect(await get(`?${query}`)).toMatchObject({ status: 400, code: 'bad-request', field })
})
