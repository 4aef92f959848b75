import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { judgeReply } from '../../src/core/bounce/judge-reply.ts'
import { meaningOfStatus } from '../../src/core/bounce/status-rules.ts'
import { refusal } from '../../src/mail/simulated-answer.ts'
import { test } from './mailbox-for-tests.ts'
import { sampleLetter } from './sample-letter.ts'

test.for([
  ['refuse-5.1.1@example.org', 'refused', 'mailbox-does-not-exist', '550 5.1.1 '],
  ['refuse-5.1.2@example.org', 'refused', 'domain-problem', '550 5.1.2 '],
  ['refuse-5.1.3@example.org', 'refused', 'bad-address', '501 5.1.3 '],
  ['refuse-5.1.10@example.org', 'refused', 'domain-problem', '556 5.1.10 '],
  ['refuse-5.2.1@example.org', 'refused', 'mailbox-disabled', '550 5.2.1 '],
  ['refuse-5.2.2@example.org', 'refused', 'mailbox-full', '552 5.2.2 '],
  ['refuse-5.3.4@example.org', 'refused', 'other-permanent', '550 5.3.4 '],
  ['refuse-5.7.1@example.org', 'refused', 'policy-or-spam', '554 5.7.1 '],
  ['refuse-5.7.26@example.org', 'refused', 'policy-or-spam', '550 5.7.26 '],
  ['REFUSE-5.1.1@Example.org', 'refused', 'mailbox-does-not-exist', '550 5.1.1 '],
  ['refuse-4.4.1@example.org', 'deferred', 'temporary', '450 4.4.1 '],
  ['refuse-4.7.1@example.org', 'deferred', 'temporary', '450 4.7.1 '],
] as const)('%s is %s as %s', async ([to, kind, category, beginning], { open }) => {
  const mailbox = await open()
  const result = await mailbox.send(sampleLetter({ to }))
  const reply = result.kind === 'refused' || result.kind === 'deferred' ? result.reply : ''
  expect(result).toEqual({ kind, during: 'rcpt', reply: expect.stringContaining(beginning) })
  expect(judgeReply(reply, 'rcpt')).toMatchObject({ category, status: beginning.split(' ')[1] })
  expect(await mailbox.list()).toEqual([])
})

test('what an answer says never contradicts its code', () => {
  for (const digit of [0, 1, 2, 3, 4, 5, 6, 7]) {
    for (let detail = 0; detail <= 40; detail++) {
      const code = `5.${digit}.${detail}`
      const meaning = meaningOfStatus(code)?.category ?? 'other-permanent'
      expect([code, judgeReply(refusal(`refuse-${code}@example.org`, code), 'rcpt').category]).toEqual([
        code,
        meaning,
      ])
    }
  }
})

test('refused for now with a 4 is refused for ever', async ({ open }) => {
  const mailbox = await open()
  for (let time = 0; time < 4; time++) {
    expect((await mailbox.send(sampleLetter({ to: 'refuse-4.7.1@example.org' }))).kind).toBe('deferred')
  }
})

test.for([
  'refuse-@example.org',
  'refuse-5.1@example.org',
  'refuse-2.0.0@example.org',
  'refuse-5.1.1.1@example.org',
  'refuse-5.1.1x@example.org',
  'refuse-5.1.1234@example.org',
  'refuse@example.org',
  'late-@example.org',
  'xrefuse-5.1.1@example.org',
  'anna@refuse-5.1.1.example.org',
])('%s is an address like any other', async (to, { open }) => {
  const mailbox = await open()
  expect((await mailbox.send(sampleLetter({ to }))).kind).toBe('accepted')
})

test('defer-5.1.1@ is turned away for now as well: the code’s own class would say for good', async ({
  open,
}) => {
  const mailbox = await open()
  const letter = sampleLetter({ to: 'defer-5.1.1@example.org' })
  const reply = expect.stringMatching(/^450 4\.1\.1 /)
  expect(await mailbox.send(letter)).toEqual({ kind: 'deferred', during: 'rcpt', reply })
  expect((await mailbox.send(letter)).kind).toBe('deferred')
  expect((await mailbox.send(letter)).kind).toBe('accepted')
})

test('defer-4.7.1@ is turned away twice for each letter, also over a restart', async ({ dir, open }) => {
  const to = 'defer-4.7.1@example.org'
  const one = sampleLetter({ to, token: 'one' })
  const other = sampleLetter({ to, token: 'other' })
  const mailbox = await open()
  expect(await mailbox.send(one)).toEqual({
    kind: 'deferred',
    during: 'rcpt',
    reply: expect.stringMatching(/^450 4\.7\.1 /),
  })
  expect((await mailbox.send(other)).kind).toBe('deferred')
  const again = await open()
  expect((await again.send(one)).kind).toBe('deferred')
  expect((await again.send(one)).kind).toBe('accepted')
  expect((await again.send(other)).kind).toBe('deferred')
  expect((await again.send(other)).kind).toBe('accepted')
  expect(await readdir(join(dir, 'deferred'))).toEqual([])
})
