// The bounce rate of the last 24 hours, and its alarm.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readBounceRate, watchBounceRate } from '../../src/flows/watch-bounce-rate.ts'
import { countTraffic, sumStatsOf } from '../support/bounce-traffic.ts'
import { type FlowService, openFlowService } from '../support/flow-service.ts'

let flows: FlowService

beforeEach(async () => {
  flows = await openFlowService()
})
afterEach(() => flows.close())

const watch = () => watchBounceRate(flows.service)
const rate = async () => {
  await flows.service.tally.flush()
  return readBounceRate(flows.service)
}

describe('what counts', () => {
  test('letters that the relay took and those that it refused, and each hard bounce once', async () => {
    flows.relay = (letter) =>
      letter.to.startsWith('gone')
        ? { kind: 'refused', reply: '550 5.1.1 no such user', during: 'rcpt' }
        : { kind: 'accepted', reply: '250 ok' }
    for (const name of ['ann', 'bob', 'full', 'gone']) await flows.signUp(`${name}@example.com`)
    const [ann] = flows.lettersTo('ann@example.com')
    const [full] = flows.lettersTo('full@example.com')
    if (ann === undefined || full === undefined) throw new Error('letters are missing')
    // two doors, two reports, one letter
    await flows.receive(flows.report(ann, '5.1.1'))
    await flows.receive(flows.report(ann, '5.1.1'))
    await flows.receive(flows.report(full, '5.2.2', { diagnostic: '552 5.2.2 mailbox full' }))
    expect(await rate()).toMatchObject({ letters: 3, refused: 1, hard: 2, rate: 2 / 3, exceeded: false })
    expect(await sumStatsOf(flows.service.db, 'bounces/mailbox-does-not-exist')).toBe(3)
  })

  test('a first report that says nothing hard does not hide a later one that does', async () => {
    await flows.signUp('ann@example.com')
    const [ann] = flows.lettersTo('ann@example.com')
    if (ann === undefined) throw new Error('the letter is missing')
    await flows.receive(flows.report(ann, '5.2.2', { diagnostic: '552 5.2.2 mailbox full' }))
    await flows.receive(flows.report(ann, '5.1.1'))
    expect(await rate()).toMatchObject({ letters: 1, hard: 1 })
  })

  test('the last 24 hours, and nothing before them', async () => {
    countTraffic(flows.service.tally, { letters: 50, hard: 10 })
    flows.advance(23 * 3_600)
    countTraffic(flows.service.tally, { letters: 50, hard: 1 })
    expect(await rate()).toMatchObject({ letters: 100, hard: 11 })
    flows.advance(3_600 + 60)
    expect(await rate()).toMatchObject({ letters: 50, hard: 1, rate: 0.02 })
    flows.advance(24 * 3_600)
    expect(await rate()).toMatchObject({ letters: 0, hard: 0, rate: null })
  })
})

describe('the alarm', () => {
  const lines = (event: string) => flows.logged.filter((line) => line.startsWith(`{"event":"${event}"`))
  const metric = async (name: string) =>
    new RegExp(`^${name} (\\S+)$`, 'm').exec(await flows.service.metrics.text())?.[1]

  test('is raised once, tells its numbers, and ends once', async () => {
    countTraffic(flows.service.tally, { letters: 100, hard: 3 })
    await flows.service.tally.flush()
    expect(await watch()).toBe('as-before')
    expect(await metric('ayes_bounce_rate')).toBe('0.03')
    countTraffic(flows.service.tally, { hard: 1 })
    await flows.service.tally.flush()
    expect([await watch(), await watch()]).toEqual(['begun', 'as-before'])
    expect(lines('bounce-rate-exceeded')).toHaveLength(1)
    expect(JSON.parse(lines('bounce-rate-exceeded')[0] ?? '')).toMatchObject({
      level: 'error',
      rate: 0.04,
      limit: 0.03,
      letters: 100,
      refused: 0,
      hard: 4,
    })
    expect(await metric('ayes_bounce_rate')).toBe('0.04')
    expect(await metric('ayes_bounce_rate_exceeded')).toBe('1')
    expect(await rate()).toMatchObject({ exceeded: true, since: flows.service.now() })
    flows.advance(25 * 3_600)
    expect([await watch(), await watch()]).toEqual(['ended', 'as-before'])
    expect(lines('bounce-rate-back')).toHaveLength(1)
    expect(await metric('ayes_bounce_rate_exceeded')).toBe('0')
    expect(await rate()).toMatchObject({ exceeded: false, since: null })
  })

  test('is raised by one of ten that look at once', async () => {
    countTraffic(flows.service.tally, { letters: 100, hard: 50 })
    await flows.service.tally.flush()
    const seen = await Promise.all(Array.from({ length: 10 }, watch))
    expect(seen.filter((one) => one === 'begun')).toHaveLength(1)
  })

  test('is not raised by 99 letters, however many of them bounce', async () => {
    countTraffic(flows.service.tally, { letters: 99, hard: 99 })
    await flows.service.tally.flush()
    expect(await watch()).toBe('as-before')
  })

  test('is off where the operator wants none, and the gauge goes on', async () => {
    await flows.close()
    flows = await openFlowService({ bounceRateLimit: null })
    countTraffic(flows.service.tally, { letters: 100, hard: 50 })
    await flows.service.tally.flush()
    expect(await watch()).toBe('as-before')
    expect(await metric('ayes_bounce_rate')).toBe('0.5')
    expect(await metric('ayes_bounce_rate_exceeded')).toBe('0')
  })

  test('counters that have slid out are not kept for ever', async () => {
    countTraffic(flows.service.tally, { letters: 10 })
    await flows.service.tally.flush()
    flows.advance(3 * 24 * 3_600)
    await watch()
    expect(await flows.service.db.selectFrom('recent_counts').selectAll().execute()).toEqual([])
  })
})

test('what could not be written because the database was away is counted once it is back', async () => {
  const { db } = flows.service
  countTraffic(flows.service.tally, { letters: 5, hard: 2 })
  await db.schema.alterTable('stats').renameTo('stats_away').execute()
  await expect(flows.service.tally.flush()).rejects.toThrow('stats')
  expect(await readBounceRate(flows.service)).toMatchObject({ letters: 0, hard: 0 })
  await db.schema.alterTable('stats_away').renameTo('stats').execute()
  countTraffic(flows.service.tally, { letters: 1 })
  expect(await rate()).toMatchObject({ letters: 6, hard: 2 })
  expect(await sumStatsOf(db, 'letters')).toBe(6)
})
