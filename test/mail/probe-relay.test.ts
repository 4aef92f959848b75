// How far a letter would come at a relay, without one: real servers, and one on a bare socket for what those do not do.
import { describe, expect, onTestFinished } from 'vitest'
import { probeRelay } from '../../src/mail/probe-relay.ts'
import type { RelayStep } from '../../src/mail/relay-target.ts'
import { startRealRelay } from './real-relay.ts'
import { test } from './relay-for-tests.ts'
import { sampleLetter } from './sample-letter.ts'
import { type Script, startScriptedRelay } from './scripted-relay.ts'

const sender = 'bounces+probe@ayes.example'
const probe = (url: string, timeouts = {}) => probeRelay({ url, name: 'ayes.example', sender, timeouts })

async function script(steps: Script) {
  const relay = await startScriptedRelay(steps)
  onTestFinished(() => relay.close())
  return relay
}

describe('a relay that is fine', () => {
  test('says what it offers, takes the sender, and gets no letter', async ({ cleanUp }) => {
    const senders: string[] = []
    const relay = await startRealRelay({
      authOptional: false,
      onAuth: ({ username }, _session, done) => done(null, { user: username }),
      onMailFrom: ({ address }, _session, done) => {
        senders.push(address)
        done()
      },
    })
    cleanUp.push(relay.close)
    const { found, ...about } = await probe(relay.url.replace('//', '//ann:secret@'))
    expect(about).toEqual({
      name: `127.0.0.1:${relay.port}`,
      host: '127.0.0.1',
      isOnThisMachine: true,
      hasLogin: true,
    })
    expect(found).toMatchObject({
      kind: 'open',
      tls: { protocol: 'TLSv1.3', issuedTo: 'localhost', validTo: expect.any(Date) },
      sender: { taken: true },
    })
    expect(found.kind === 'open' && found.offers).toEqual(
      expect.arrayContaining(['PIPELINING', 'SMTPUTF8', 'DSN']),
    )
    expect([senders, relay.taken]).toEqual([[sender], []])
  })

  test('is asked for nothing but the sender, which is taken back', async () => {
    const relay = await script({})
    expect((await probe(relay.url)).found).toMatchObject({ kind: 'open', tls: null })
    expect(relay.commands).toEqual(['EHLO ayes.example', `MAIL FROM:<${sender}>`, 'RSET', 'QUIT'])
  })
})

describe('a relay that is not', () => {
  test('a sender that is refused comes with the reply', async () => {
    const relay = await script({ MAIL: '550 5.7.1 Sender not authorised' })
    expect((await probe(relay.url)).found).toMatchObject({
      sender: { taken: false, reply: '550 5.7.1 Sender not authorised' },
    })
  })

  test.each<[string, Script, string, string]>([
    [
      'a refused login, without its password',
      { AUTH: '535 5.7.8 not bzzz-9, no' },
      'ann:bzzz-9@',
      '535 5.7.8 not [secret]',
    ],
    ['no greeting', { greeting: { do: 'nothing' } }, '', 'its greeting within 2 s'],
    ['no answer to EHLO', { EHLO: { do: 'nothing' } }, '', 'its answer to EHLO within 2 s'],
  ])('%s', async (_, steps, login, why) => {
    const relay = await script({ EHLO: '250-relay.example\r\n250 AUTH PLAIN', ...steps })
    const { found } = await probe(relay.url.replace('//', `//${login}`), { greeting: 2_000, command: 2_000 })
    expect(found).toMatchObject({ kind: 'trouble', why: expect.stringContaining(why) })
    expect(JSON.stringify(found)).not.toContain('bzzz')
  })

  test('silence after MAIL FROM is no yes', async () => {
    const relay = await script({ MAIL: { do: 'nothing' } })
    expect((await probe(relay.url, { command: 2_000 })).found).toMatchObject({
      sender: { taken: false, reply: expect.stringContaining('its answer to MAIL FROM within 2 s') },
    })
  })

  test('nobody there', async () => {
    const relay = await startScriptedRelay()
    await relay.close()
    expect((await probe(relay.url)).found).toMatchObject({
      kind: 'trouble',
      why: expect.stringContaining('ECONNREFUSED'),
    })
  })
})

test('who observes a letter hears of every step and answer in their order', async ({ scripted }) => {
  for (const pipelining of [true, false]) {
    const steps: RelayStep[] = []
    const EHLO = pipelining ? '250-relay.example\r\n250 PIPELINING' : '250 relay.example'
    const { mailer } = await scripted({ EHLO }, { observe: (step) => steps.push(step) })
    expect(await mailer.send(sampleLetter())).toMatchObject({ kind: 'accepted' })
    expect(steps.map(({ step }) => step)).toEqual([
      'connection',
      'greeting',
      'EHLO',
      'MAIL FROM',
      'RCPT TO',
      'DATA',
      'message',
    ])
    expect(steps.at(-1)?.answer).toBe('250 2.0.0 Ok: queued as 4F2A')
  }
})

test('who observes a login never hears its password, also where the relay repeats it', async ({
  scripted,
}) => {
  const steps: RelayStep[] = []
  const script = { EHLO: '250-relay.example\r\n250 AUTH PLAIN', AUTH: '535 5.7.8 not bzzz-9, no' }
  const { mailer } = await scripted(script, { observe: (step) => steps.push(step) }, 'ann:bzzz-9@')
  expect(await mailer.send(sampleLetter())).toMatchObject({ kind: 'trouble' })
  expect(steps.at(-1)).toEqual({ step: 'login', answer: '535 5.7.8 not [secret], no' })
})
