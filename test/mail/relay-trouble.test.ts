import { describe, expect } from 'vitest'
import { test } from './relay-for-tests.ts'
import { sampleLetter } from './sample-letter.ts'
import { type Script, startScriptedRelay, withoutPipelining } from './scripted-relay.ts'

describe('before RCPT TO everything is the relay’s own trouble', () => {
  test('nobody listens', async ({ open }) => {
    const relay = await startScriptedRelay()
    await relay.close()
    const result = await open(relay.url).send(sampleLetter())
    expect(result).toEqual({
      kind: 'trouble',
      reply: `could not connect to 127.0.0.1:${relay.port}: connect ECONNREFUSED 127.0.0.1:${relay.port}`,
    })
  })

  test.for<[string, Script, string | RegExp]>([
    ['a greeting with 554', { greeting: '554 no service for you' }, 'greeted with: 554 no service for you'],
    ['a greeting with 421', { greeting: '421 too busy' }, 'greeted with: 421 too busy'],
    [
      'a greeting that is no SMTP',
      { greeting: 'HTTP/1.1 400 Bad Request' },
      'greeted with: HTTP/1.1 400 Bad Request',
    ],
    [
      'no greeting but the end',
      { greeting: { do: 'drop' } },
      /closed the connection before its greeting|ECONNRESET/,
    ],
    ['half a greeting and the end', { greeting: { say: '55', ending: true } }, 'before its greeting'],
    ['EHLO and HELO refused', { EHLO: '502 what', HELO: '550 go away' }, 'answered HELO with: 550 go away'],
    ['421 for EHLO', { EHLO: '421 shutting down' }, 'answered EHLO with: 421 shutting down'],
    ['the connection cut at EHLO', { EHLO: { do: 'drop' } }, 'before its answer to EHLO'],
    [
      'MAIL FROM refused for good',
      { MAIL: '550 5.7.1 sender unknown' },
      'MAIL FROM with: 550 5.7.1 sender unknown',
    ],
    ['MAIL FROM refused for now', { MAIL: '451 4.3.0 try later' }, '451 4.3.0 try later'],
    ['421 for MAIL FROM', { MAIL: '421 4.3.2 shutting down' }, '421 4.3.2 shutting down'],
    ['nonsense for MAIL FROM', { MAIL: 'pardon?' }, 'pardon?'],
    ['the connection cut at MAIL FROM', { MAIL: { do: 'drop' } }, 'before its answer to MAIL FROM'],
  ])('%s', async ([, script, words], { scripted }) => {
    for (const mode of [{}, script.EHLO === undefined ? { EHLO: withoutPipelining } : {}]) {
      const { mailer } = await scripted({ ...mode, ...script })
      const result = await mailer.send(sampleLetter())
      expect(result.kind).toBe('trouble')
      expect(result).toHaveProperty(
        'reply',
        expect.stringMatching(words instanceof RegExp ? words : escaped(words)),
      )
    }
  })

  test.for<[string, Script, string]>([
    ['greeting', { greeting: { do: 'nothing' } }, 'has not sent its greeting within 0.1 s'],
    ['answer to EHLO', { EHLO: { do: 'nothing' } }, 'has not sent its answer to EHLO within 0.08 s'],
    [
      'answer to MAIL FROM',
      { MAIL: { do: 'nothing' } },
      'has not sent its answer to MAIL FROM within 0.08 s',
    ],
  ])('no %s in time', async ([, script, words], { scripted }) => {
    const { mailer } = await scripted(script, { timeouts: { greeting: 100, command: 80 } })
    const result = await mailer.send(sampleLetter())
    expect(result).toEqual({ kind: 'trouble', reply: expect.stringContaining(words) })
  })

  test('a refused login, told without the password', async ({ scripted }) => {
    const script: Script = {
      EHLO: '250-relay.example\r\n250 AUTH PLAIN',
      AUTH: '535 5.7.8 no: user anna@example.com, password s3cr3t/+word',
    }
    const { mailer } = await scripted(script, {}, 'anna%40example.com:s3cr3t%2F%2Bword@')
    const result = await mailer.send(sampleLetter())
    expect(result).toEqual({
      kind: 'trouble',
      reply: expect.stringContaining(
        'answered the login with: 535 5.7.8 no: user anna@example.com, password [secret]',
      ),
    })
  })

  test('no login where the settings have one', async ({ scripted }) => {
    const { mailer } = await scripted({}, {}, 'anna:secret@')
    expect(await mailer.send(sampleLetter())).toEqual({
      kind: 'trouble',
      reply: expect.stringContaining('offers no login'),
    })
  })
})

function escaped(words: string): RegExp {
  return new RegExp(RegExp.escape(words))
}
