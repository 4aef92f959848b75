// Two processes with the same operator: one letter for each report, and the state of the alarm in both.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { periodsDue } from '../../src/core/report/period.ts'
import { openDatabase } from '../../src/store/open-database.ts'
import { copyTemplate } from '../support/database.ts'
import { eventually } from '../support/letters.ts'
import { startTestService, type TestService } from '../support/running-service.ts'
import { openSmtpSink, type SmtpSink } from '../support/smtp-sink.ts'

let sink: SmtpSink
let copy: Awaited<ReturnType<typeof copyTemplate>>
let services: TestService[] = []

beforeAll(async () => {
  sink = await openSmtpSink()
  copy = await copyTemplate()
  const database = await openDatabase({ databaseUrl: copy.url, dataDir: '' })
  // Counted on every day that may be yesterday or in the last week by the time the services look.
  await sql`
    insert into stats (day, list, source, domain, metric, n)
    select current_date - d, 'default', '', 'example.com', 'letters', 10 from generate_series(0, 20) d`.execute(
    database.db,
  )
  await sql`
    insert into recent_counts (at, metric, n) values (now() - interval '1 hour', 'letters', 100),
      (now() - interval '1 hour', 'hard', 5)`.execute(database.db)
  await database.close()
  const settings = {
    DATABASE_URL: copy.url,
    SMTP_URL: sink.url,
    MAIL_FROM: 'Ayes <ayes@example.com>',
    REPORT_TO: 'operator@example.org',
  }
  services = await Promise.all([startTestService(settings), startTestService(settings)])
})
afterAll(async () => {
  for (const service of services) await service.close()
  await copy.drop()
  await sink.close()
})

const subjects = () =>
  sink.letters
    .filter((letter) => letter.to === 'operator@example.org')
    .map((letter) => /^Subject: (.*)$/m.exec(letter.raw)?.[1] ?? '')

test('both say that the rate is above its limit, one of them in the log', async () => {
  for (const service of services) {
    await eventually(async () =>
      (await (await service.fetch('/metrics')).text()).includes('ayes_bounce_rate_exceeded 1'),
    )
    const report = await (await service.admin('/api/bounces/report')).json()
    expect(report).toMatchObject({ last_24_hours: { rate: 0.05, exceeded: true } })
    expect((await service.fetch('/readyz')).status).toBe(200)
  }
  const lines = () =>
    services.flatMap((service) => service.logged.filter((line) => line.includes('bounce-rate-exceeded')))
  // what a process has said may be on its way still
  await eventually(async () => lines().length > 0)
  expect(lines()).toHaveLength(1)
})

test('each report is one letter', async () => {
  const rows = () =>
    services[0]?.service.db.selectFrom('report_letters').select(['kind', 'state']).execute() ??
    Promise.resolve([])
  const wanted = periodsDue(new Date()).length
  await eventually(async () => {
    // The alarm's letter, too, is at the sink a moment before its row says so.
    const all = await rows()
    const reports = all.filter(({ kind }) => kind !== 'alarm')
    return reports.length >= wanted && all.every(({ state }) => state === 'sent')
  }, 'every report')
  const sent = (await rows()).filter(({ state }) => state === 'sent')
  expect(subjects().length).toBe(sent.length)
  expect(new Set(subjects()).size).toBe(subjects().length)
})
