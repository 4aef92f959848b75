import { describe, expect } from 'vitest'
import type { SendResult } from '../../src/mail/mailer.ts'
import { test } from './relay-for-tests.ts'
import { sampleLetter } from './sample-letter.ts'
import { type Script, withoutPipelining } from './scripted-relay.ts'

describe.each([
  ['with PIPELINING', {}],
  ['without PIPELINING', { EHLO: withoutPipelining }],
])('from RCPT TO on it is about the address or the message, %s', (_, mode) => {
  test.for<[string, Script, SendResult]>([
    [
      'RCPT TO refused for good, all lines kept',
      { RCPT: '550-5.1.1 The email account that you tried to reach\r\n550 5.1.1 does not exist.' },
      {
        kind: 'refused',
        reply: '550-5.1.1 The email account that you tried to reach\n550 5.1.1 does not exist.',
        during: 'rcpt',
      },
    ],
    [
      'RCPT TO refused, and DATA allowed all the same',
      { RCPT: '550 5.1.1 unknown', DATA: '354 go on' },
      { kind: 'refused', reply: '550 5.1.1 unknown', during: 'rcpt' },
    ],
    [
      'RCPT TO refused, DATA allowed all the same, and then silence',
      { RCPT: '550 5.1.1 unknown', DATA: '354 go on', message: { do: 'nothing' } },
      { kind: 'refused', reply: '550 5.1.1 unknown', during: 'rcpt' },
    ],
    [
      'RCPT TO refused for now',
      { RCPT: '450 4.2.0 greylisted' },
      { kind: 'deferred', reply: '450 4.2.0 greylisted', during: 'rcpt' },
    ],
    [
      '421 for RCPT TO',
      { RCPT: { say: '421 4.7.0 too many\r\n', ending: true } },
      { kind: 'deferred', reply: '421 4.7.0 too many', during: 'rcpt' },
    ],
    [
      'RCPT TO refused and the connection ended',
      { RCPT: { say: '550 5.1.1 unknown\r\n', ending: true } },
      { kind: 'refused', reply: '550 5.1.1 unknown', during: 'rcpt' },
    ],
    ['nonsense for RCPT TO', { RCPT: 'whom?' }, { kind: 'deferred', reply: 'whom?', during: 'rcpt' }],
    [
      'an answer to RCPT TO without its end',
      { RCPT: { say: '550 5.1', ending: true } },
      {
        kind: 'deferred',
        reply: expect.stringContaining('closed the connection before its answer to RCPT TO'),
        during: 'rcpt',
      },
    ],
    [
      'the connection cut at RCPT TO',
      { RCPT: { do: 'drop' } },
      { kind: 'deferred', reply: expect.stringContaining('before its answer to RCPT TO'), during: 'rcpt' },
    ],
    [
      'DATA refused for good',
      { DATA: '554 5.7.1 not from here' },
      { kind: 'refused', reply: '554 5.7.1 not from here', during: 'data' },
    ],
    [
      'DATA refused for now',
      { DATA: '451 4.3.0 later' },
      { kind: 'deferred', reply: '451 4.3.0 later', during: 'data' },
    ],
    [
      'the connection cut at DATA',
      { DATA: { do: 'drop' } },
      { kind: 'deferred', reply: expect.stringContaining('before its answer to DATA'), during: 'data' },
    ],
    [
      'the connection cut in the middle of the message',
      { content: { do: 'drop' } },
      {
        kind: 'deferred',
        reply: expect.stringContaining('before its answer to the message'),
        during: 'data',
      },
    ],
    [
      'the connection cut after the message',
      { message: { do: 'drop' } },
      {
        kind: 'deferred',
        reply: expect.stringContaining('before its answer to the message'),
        during: 'data',
      },
    ],
    [
      'a 250 without its end is no acceptance',
      { message: { say: '250 2.0.0 Ok', ending: true } },
      {
        kind: 'deferred',
        reply: expect.stringContaining('before its answer to the message'),
        during: 'data',
      },
    ],
    [
      'the message refused for good',
      { message: '552-5.2.2 over\r\n552 5.2.2 quota' },
      { kind: 'refused', reply: '552-5.2.2 over\n552 5.2.2 quota', during: 'data' },
    ],
    [
      'the message refused for now',
      { message: '452 4.2.2 full' },
      { kind: 'deferred', reply: '452 4.2.2 full', during: 'data' },
    ],
    [
      '421 for the message',
      { message: '421 4.3.2 shutting down' },
      { kind: 'deferred', reply: '421 4.3.2 shutting down', during: 'data' },
    ],
    [
      'accepted, all lines kept',
      { message: '250-2.0.0 taken\r\n250 2.0.0 queued as 77' },
      { kind: 'accepted', reply: '250-2.0.0 taken\n250 2.0.0 queued as 77' },
    ],
    [
      'control characters do not get out of a reply',
      { message: '550 5.7.1 \u0000\u001b[31mred\ttab' },
      { kind: 'refused', reply: '550 5.7.1 ??[31mred\ttab', during: 'data' },
    ],
  ])('%s', async ([, script, expected], { scripted }) => {
    const { mailer } = await scripted({ ...mode, ...script })
    expect(await mailer.send(sampleLetter())).toEqual(expected)
  })

  test.for<[string, Script, 'rcpt' | 'data', string]>([
    ['RCPT TO', { RCPT: { do: 'nothing' } }, 'rcpt', 'answer to RCPT TO within 0.08 s'],
    ['DATA', { DATA: { do: 'nothing' } }, 'data', 'answer to DATA within 0.08 s'],
    ['the message', { message: { do: 'nothing' } }, 'data', 'answer to the message within 0.12 s'],
  ])('no answer to %s in time', async ([, script, during, words], { scripted }) => {
    const { mailer } = await scripted({ ...mode, ...script }, { timeouts: { command: 80, message: 120 } })
    const result = await mailer.send(sampleLetter())
    expect(result).toEqual({ kind: 'deferred', during, reply: expect.stringContaining(words) })
  })
})
