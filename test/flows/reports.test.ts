// Reports to the operator by mail: when they go out, that each goes once, and what happens when it cannot.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { periodsDue } from '../../src/core/report/period.ts'
import { sendReports } from '../../src/flows/send-reports.ts'
import { watchBounceRate } from '../../src/flows/watch-bounce-rate.ts'
import { countTraffic } from '../support/bounce-traffic.ts'
import { openReportFlows, type ReportFlows, operator as to } from '../support/report-flows.ts'

const hour = 3_600
let flows: ReportFlows

beforeEach(async () => {
  flows = await openReportFlows()
})
afterEach(() => flows.close())

const states = async () => {
  const rows = await flows.service.db.selectFrom('report_letters').select(['kind', 'state']).execute()
  return rows.map(({ kind, state }) => `${kind} ${state}`).sort()
}
const shortDay = (day: string) =>
  new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day))

describe('a report goes out', () => {
  test('for the day and the week that are over, and each once', async () => {
    flows.traffic(1, { letters: 50, hard: 2 })
    flows.traffic(8, { letters: 10 })
    expect(await sendReports(flows.deps)).toBe(2)
    const due = Object.fromEntries(periodsDue(flows.service.now()).map(({ kind, period }) => [kind, period]))
    const week = `${shortDay(due.week?.from ?? '')} to ${shortDay(due.week?.to ?? '')}`
    expect(flows.subjects().sort()).toEqual([
      `Bounces from ${week}: 0%`,
      `Bounces on ${shortDay(due.day?.from ?? '')}: 4%`,
    ])
    expect(await sendReports(flows.deps)).toBe(0)
    flows.advance(hour)
    expect(await sendReports(flows.deps)).toBe(0)
    expect(flows.subjects()).toHaveLength(2)
  })

  test('once by ten processes at the same time', async () => {
    flows.traffic(1, { letters: 50 })
    flows.traffic(8, { letters: 10 })
    const sent = await Promise.all(Array.from({ length: 10 }, () => sendReports(flows.deps)))
    expect(sent.reduce((all, one) => all + one, 0)).toBe(2)
    expect(flows.subjects()).toHaveLength(2)
  })

  test('again on the next day, and the week’s on Monday', async () => {
    flows.traffic(1, { letters: 1 })
    await sendReports(flows.deps)
    flows.goTo('Wednesday', 12)
    flows.traffic(1, { letters: 1 })
    await sendReports(flows.deps)
    flows.goTo('Monday', 4)
    flows.traffic(1, { letters: 1 })
    expect(await sendReports(flows.deps)).toBe(0)
    flows.advance(hour)
    expect(await sendReports(flows.deps)).toBe(2)
    expect(flows.subjects().filter((subject) => subject.startsWith('Bounces from'))).toHaveLength(1)
  })

  test('not about days on which nothing was sent and nothing came back', async () => {
    expect(await sendReports(flows.deps)).toBe(0)
    expect(await states()).toEqual(['day dropped', 'week dropped'])
  })

  test('about a week of silence after one with letters', async () => {
    flows.traffic(15, { letters: 5 })
    expect(await sendReports(flows.deps)).toBe(1)
    expect(flows.subjects()).toEqual([expect.stringMatching(/^Bounces from .*: –$/)])
  })
})

describe('when the relay does not take it', () => {
  beforeEach(() => flows.traffic(1, { letters: 5 }))

  test('it goes out later, the same letter, and the others do not wait for it', async () => {
    flows.relay = () => ({ kind: 'deferred', reply: '450 4.2.0 later', during: 'rcpt' })
    expect(await sendReports(flows.deps)).toBe(0)
    expect(await sendReports(flows.deps)).toBe(0)
    expect(flows.lettersTo(to)).toHaveLength(1)
    flows.relay = () => ({ kind: 'accepted', reply: '250 ok' })
    flows.advance(60)
    expect(await sendReports(flows.deps)).toBe(1)
    const [first, second] = flows.lettersTo(to)
    expect(second?.messageId).toBe(first?.messageId)
  })

  test('the relay’s own trouble counts for nothing', async () => {
    flows.relay = () => ({ kind: 'trouble', reply: 'ECONNREFUSED' })
    for (let n = 0; n < 5; n++) {
      await sendReports(flows.deps)
      flows.advance(120)
    }
    flows.relay = () => ({ kind: 'accepted', reply: '250 ok' })
    expect(await sendReports(flows.deps)).toBe(1)
    const rows = await flows.service.db
      .selectFrom('report_letters')
      .select('attempts')
      .where('kind', '=', 'day')
      .execute()
    expect(rows).toEqual([{ attempts: 1 }])
  })

  test('a refusal is final and said aloud', async () => {
    flows.relay = () => ({ kind: 'refused', reply: '550 5.1.1 no', during: 'rcpt' })
    await sendReports(flows.deps)
    flows.advance(2 * hour)
    await sendReports(flows.deps)
    expect(await states()).toEqual(['day undeliverable', 'week dropped'])
    expect(flows.lettersTo(to)).toHaveLength(1)
    expect(flows.logged.filter((line) => line.includes('report-undeliverable'))).toHaveLength(1)
  })

  test('after two days it is given up', async () => {
    flows.relay = () => ({ kind: 'deferred', reply: '450 4.2.0 later', during: 'rcpt' })
    for (let n = 0; n < 20; n++) {
      await sendReports(flows.deps)
      flows.advance(4 * hour)
    }
    const row = await flows.service.db
      .selectFrom('report_letters')
      .select(['state', 'attempts'])
      .where('kind', '=', 'day')
      .orderBy('first_day')
      .executeTakeFirst()
    expect(row?.state).toBe('undeliverable')
    expect(row?.attempts).toBeGreaterThan(5)
  })

  test('what a process held that was killed goes out by another', async () => {
    await sendReports({
      ...flows.deps,
      mailer: { ...flows.deps.mailer, send: () => Promise.reject(new Error('killed')) },
    }).catch(() => {})
    expect(await sendReports(flows.deps)).toBe(0)
    flows.advance(16 * 60)
    expect(await sendReports(flows.deps)).toBe(1)
  })
})

describe('the alarm by mail', () => {
  beforeEach(async () => {
    countTraffic(flows.service.tally, { letters: 100, hard: 10 })
    await flows.service.tally.flush()
    expect(await watchBounceRate(flows.service)).toBe('begun')
  })

  test('goes out when the rate passes its limit, once', async () => {
    expect(await sendReports(flows.deps)).toBe(1)
    expect(flows.subjects()).toEqual(['Bounce rate above its limit: 10%'])
    const [letter] = flows.lettersTo(to)
    expect(letter?.text).toContain('a rate of 10%, above the limit of 3%')
    flows.advance(hour)
    await watchBounceRate(flows.service)
    expect(await sendReports(flows.deps)).toBe(0)
  })

  test('does not when it is over before it could', async () => {
    flows.relay = () => ({ kind: 'trouble', reply: 'ECONNREFUSED' })
    await sendReports(flows.deps)
    flows.relay = () => ({ kind: 'accepted', reply: '250 ok' })
    flows.advance(25 * hour)
    await watchBounceRate(flows.service)
    await sendReports(flows.deps)
    expect(flows.subjects().filter((subject) => subject.startsWith('Bounce rate')).length).toBe(1)
    expect(await states()).toContain('alarm dropped')
  })
})
