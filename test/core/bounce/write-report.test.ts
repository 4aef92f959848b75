import { expect, test } from 'vitest'
import { readReport } from '../../../src/core/bounce/read-report.ts'
import { type ReportInput, writeReport } from '../../../src/core/bounce/write-report.ts'

const input: ReportInput = {
  reportingMta: 'mailbox.localhost',
  from: 'MAILER-DAEMON@localhost',
  to: 'bounces+tok3n@example.com',
  recipient: 'late-5.1.1@example.org',
  status: '5.1.1',
  diagnostic: '550 5.1.1 User unknown',
  originalHeaders: [
    ['Return-Path', '<bounces+tok3n@example.com>'],
    ['Message-ID', '<tok3n@example.com>'],
    ['X-Ayes-Letter', 'tok3n'],
    ['Subject', 'Please confirm'],
  ],
  at: new Date('2026-11-23T10:00:00Z'),
  messageId: 'r1@localhost',
}
const read = (changes: Partial<ReportInput>) =>
  readReport(Buffer.from(writeReport({ ...input, ...changes }), 'utf8'))

test('what is written reads back as what it says', async () => {
  expect(await read({})).toMatchObject({
    isBounce: true,
    category: 'mailbox-does-not-exist',
    status: '5.1.1',
    reply: '550 5.1.1 User unknown',
    recipient: 'late-5.1.1@example.org',
    originalRecipient: 'late-5.1.1@example.org',
    forwarded: false,
    reporter: 'mailbox.localhost',
    named: ['<bounces+tok3n@example.com>', '<bounces+tok3n@example.com>', '<tok3n@example.com>', 'tok3n'],
  })
})

test.each([
  ['5.1.2', 'domain-problem'],
  ['5.1.3', 'bad-address'],
  ['5.2.1', 'mailbox-disabled'],
  ['5.2.2', 'mailbox-full'],
  ['5.7.1', 'policy-or-spam'],
  ['5.3.0', 'other-permanent'],
  ['4.4.7', 'temporary'],
])('a bare %s is %s', async (status, category) => {
  const code = status.startsWith('4') ? '450' : '550'
  expect((await read({ status, diagnostic: `${code} ${status}` })).category).toBe(category)
})

test('lines end with CRLF and no value breaks out of its own', () => {
  const report = writeReport({
    ...input,
    recipient: 'a@b.example\r\nX-Evil: 1',
    diagnostic: '550 no\n\n--x\n',
  })
  expect(report.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(report).not.toMatch(/^X-Evil:/m)
})

test('an address that is not ASCII makes an international report (RFC 6533)', async () => {
  const report = writeReport({ ...input, recipient: 'jürgen@example.org' })
  expect(report).toContain('Content-Type: message/global-delivery-status')
  expect((await read({ recipient: 'jürgen@example.org' })).recipient).toBe('jürgen@example.org')
})
