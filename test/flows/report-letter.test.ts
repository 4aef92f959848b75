// The report as a letter: what is in it, and what becomes of it when it comes back.
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayOf } from '../../src/core/report/period.ts'
import { readReport } from '../../src/flows/read-report.ts'
import { sendReports } from '../../src/flows/send-reports.ts'
import { composeLetter } from '../../src/mail/compose.ts'
import type { OutgoingLetter } from '../../src/mail/mailer.ts'
import { openReportFlows, type ReportFlows, operator as to } from '../support/report-flows.ts'

let flows: ReportFlows

beforeEach(async () => {
  flows = await openReportFlows()
})
afterEach(() => flows.close())

async function theLetter(): Promise<OutgoingLetter> {
  await sendReports(flows.deps)
  const letter = flows.lettersTo(to).find(({ subject }) => subject.startsWith('Bounces on'))
  if (letter === undefined) throw new Error('no report came')
  return letter
}

test('is from us, by a machine, and comes back to people', async () => {
  flows.traffic(1, { letters: 5 })
  const letter = await theLetter()
  expect(letter).toMatchObject({
    from: { address: 'ayes@example.com' },
    envelopeFrom: 'ayes@example.com',
    messageId: expect.stringMatching(/^report-[0-9a-f-]{36}@example\.com$/),
  })
  const raw = composeLetter(letter, flows.service.now()).toString()
  expect(raw).toContain('\r\nAuto-Submitted: auto-generated\r\n')
  expect(raw).toMatch(/^Content-Type: text\/plain/m)
  expect(raw).toMatch(/^Content-Type: text\/html/m)
  expect(raw).not.toMatch(/^List-/m)
})

test('coming back, it is nobody’s bounce', async () => {
  flows.traffic(1, { letters: 5 })
  const letter = await theLetter()
  const raw = flows.report(letter, '5.1.1')
  expect(await flows.receive(raw, letter.envelopeFrom)).toEqual({
    matched: false,
    category: 'mailbox-does-not-exist',
  })
  const { period } = await readReport(flows.service, {
    kind: 'day',
    period: { from: dayOf(flows.service.now()), to: dayOf(flows.service.now()) },
  })
  expect(period).toMatchObject({ hard: 0, letters: 0 })
})

test('names what stands out, with what visitors typed made harmless', async () => {
  const evil = 'https://evil.example/<b>"x"</b>\r\n\u202Ecod'
  flows.traffic(1, { letters: 500, hard: 5 })
  flows.traffic(1, { letters: 40, hard: 40 }, { source: evil, domain: 'gmial.com' })
  flows.traffic(2, { letters: 500, hard: 5 })
  const { text, html } = await theLetter()
  for (const body of [text, html]) {
    expect(body).not.toContain('https://')
    expect(body).not.toContain('\u202E')
    expect(body.replaceAll('\u200B', '')).toContain('gmial.com')
  }
  expect(text.replaceAll('\u200B', '')).toContain(
    '- https://evil.example/<b>"x"</b> cod: 100% (40 of 40 letters',
  )
  expect(html).not.toContain('<b>')
  expect(html).toContain('&lt;b&gt;')
  expect(text).toContain('- Mailbox does not exist: more often than before (5 → 45)')
})

test('is in the language of the list "default"', async () => {
  await flows.service.db.updateTable('lists').set({ locale: 'de' }).where('slug', '=', 'default').execute()
  flows.traffic(1, { letters: 5 })
  await sendReports(flows.deps)
  expect(flows.subjects()).toEqual([expect.stringMatching(/^Rückläufer am /)])
})

test('names the waves that are open', async () => {
  flows.traffic(1, { letters: 5 })
  const at = flows.service.now()
  await flows.service.db
    .insertInto('waves')
    .values({
      id: randomUUID(),
      kind: 'domain',
      subject: 'broken.example',
      domains: ['broken.example'],
      began_at: at,
      noticed_at: at,
      numbers: JSON.stringify({}),
    })
    .execute()
  expect((await theLetter()).text.replaceAll('\u200B', '')).toContain('- broken.example, ')
})
