// POST /bounces/message: who may hand in a report, and that any bytes are survived.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeReport } from '../../../../src/core/bounce/write-report.ts'
import { expectProblem, json, letterFor, newAddress, statusOf } from '../../../support/http.ts'
import type { ReadLetter } from '../../../support/letters.ts'
import { adminToken, startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService
const bounceToken = 'bounce-token-for-tests-only-1'

beforeAll(async () => {
  service = await startTestService({ BOUNCE_TOKEN: bounceToken })
})
afterAll(async () => {
  expect(service.logged.filter((line) => line.includes('request-failed'))).toEqual([])
  await service.close()
})

function hand(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return service.fetch('/bounces/message', {
    method: 'POST',
    body,
    headers: { 'content-type': 'message/rfc822', authorization: `Bearer ${bounceToken}`, ...headers },
  })
}

function reportOn(letter: ReadLetter, status = '5.1.1'): string {
  const header = (name: string) => letter.headers.find((one) => one.name.toLowerCase() === name)?.value ?? ''
  return writeReport({
    reportingMta: 'mx.example.net',
    from: 'MAILER-DAEMON@mx.example.net',
    to: 'bounces@example.com',
    recipient: letter.to,
    status,
    diagnostic: `550 ${status} <${letter.to}>: User unknown`,
    originalHeaders: [['Message-ID', header('message-id')]],
    at: new Date(),
    messageId: 'report@mx.example.net',
  })
}

describe('who hands it in', () => {
  test('with either token is taken; a report is matched by our own Message-ID', async () => {
    for (const token of [adminToken, bounceToken]) {
      const email = newAddress()
      const { letter } = await letterFor(service, email)
      const answer = await hand(reportOn(letter), { authorization: `Bearer ${token}` })
      expect(answer.status).toBe(202)
      expect(await json(answer)).toEqual({ matched: true, category: 'mailbox-does-not-exist' })
      expect(await statusOf(service, email)).toEqual(['invalid'])
    }
  })

  test.each([
    ['no token', ''],
    ['another token', 'Bearer another-token-of-somebody-else'],
    ['half of it', `Bearer ${bounceToken.slice(0, -1)}`],
    ['basic', `Basic ${Buffer.from(`x:${bounceToken}`).toString('base64')}`],
    ['an empty one', 'Bearer '],
  ])('with %s is 401 and nothing is kept', async (_, authorization) => {
    const answer = await hand('From: a@example.com\r\n\r\nx', { authorization })
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
    await expectProblem(answer, 401, 'unauthorized')
    const kept = await service.service.db
      .selectFrom('bounces')
      .select('id')
      .where('signup_id', 'is', null)
      .execute()
    expect(kept).toEqual([])
  })

  test('with the bounce token gets nothing else', async () => {
    const headers = { authorization: `Bearer ${bounceToken}` }
    for (const path of ['/api/lists', '/metrics']) {
      const answer = await service.fetch(path, { headers: { ...headers, 'x-forwarded-for': '192.0.2.1' } })
      expect(answer.status).toBe(401)
    }
  })
})

describe('what is handed in', () => {
  test('in another type is 415', async () => {
    for (const type of ['text/plain', 'application/json', 'message/rfc8222']) {
      await expectProblem(await hand('x', { 'content-type': type }), 415, 'unsupported-media-type')
    }
    expect((await hand('x', { 'content-type': 'Message/RFC822; charset=utf-8' })).status).toBe(202)
  })

  test.each([
    ['nothing at all', new Uint8Array()],
    ['zeros', new Uint8Array(10_000)],
    ['bytes of all kinds', Uint8Array.from({ length: 70_000 }, (_, n) => (n * 7919) % 256)],
    ['a megabyte of header', new Uint8Array(Buffer.from(`Subject: ${'x'.repeat(1_000_000)}`))],
    ['a hundred thousand empty lines', new Uint8Array(Buffer.from('\r\n'.repeat(100_000)))],
    [
      'boundaries without end',
      new Uint8Array(
        Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n'.repeat(50_000)}`),
      ),
    ],
  ])('may be %s', async (_, body) => {
    const answer = await hand(body)
    expect(answer.status).toBe(202)
    expect(await json(answer)).toMatchObject({ matched: false })
  })

  test('may have 5 MB, of which the first is read, and not more', async () => {
    const email = newAddress()
    const { letter } = await letterFor(service, email)
    const report = Buffer.from(reportOn(letter))
    const body = new Uint8Array(5 * 1024 * 1024).fill(120)
    body.set(report)
    expect(await json(await hand(body))).toMatchObject({ matched: true })
    expect(await statusOf(service, email)).toEqual(['invalid'])
    const late = new Uint8Array(2 * 1024 * 1024).fill(120)
    late.set(Buffer.from(reportOn((await letterFor(service, newAddress())).letter)), 1024 * 1024 + 1)
    expect(await json(await hand(late))).toMatchObject({ matched: false })
    await expectProblem(await hand(new Uint8Array(5 * 1024 * 1024 + 1)), 413, 'too-large')
  })

  test('twice is taken twice and counts once', async () => {
    const email = newAddress()
    const raw = reportOn((await letterFor(service, email)).letter, '5.2.2')
    const answers = await Promise.all([hand(raw), hand(raw), hand(raw)])
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
    const { id } = await service.service.db
      .selectFrom('signups')
      .select('id')
      .where('email', '=', email)
      .executeTakeFirstOrThrow()
    const bounces = await service.service.db
      .selectFrom('bounces')
      .select('id')
      .where('signup_id', '=', id)
      .execute()
    expect(bounces).toHaveLength(1)
  })
})

test('the doors of providers are not there while they are not configured', async () => {
  const names = ['ses', 'sendgrid', 'mailgun', 'postmark', 'sparkpost', 'brevo', 'mailjet', 'resend']
  for (const name of names) {
    expect((await service.fetch(`/bounces/${name}`, { method: 'POST', body: '{}' })).status).toBe(404)
  }
})
