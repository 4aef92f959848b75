// What becomes of letters that a real mail server relays. No reply and no report in here is written by us.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { json } from '../support/http.ts'
import { eventually } from '../support/letters.ts'
import type { MailServer, MailServerProgram } from '../support/mail-server.ts'
import { returnedLetter } from '../support/returned-letter.ts'
import { startTestService, type TestService } from '../support/running-service.ts'
import { openTransaction } from '../support/smtp-talk.ts'
import { bounceDomain, type Hops, openHops } from './three-hops.ts'

type SignupInFull = {
  status: string
  reason: string | null
  letters: { state: string; reply: string | null; reason: string | null }[]
  events: { type: string; detail: Record<string, unknown> | null }[]
}

export function testRelayedLetters(program: MailServerProgram): void {
  let hops: Hops
  beforeAll(async () => {
    hops = await openHops(program)
  })
  afterAll(() => hops?.close())

  async function signUp(email: string, running: TestService = hops.service): Promise<string> {
    const answer = await running.signUp({ email, as_typed: true })
    expect(answer.status).toBe(202)
    return String((await json(answer)).handle)
  }

  async function lookUp(email: string, running: TestService = hops.service): Promise<SignupInFull> {
    const found = await running.admin(`/api/signups?email=${encodeURIComponent(email)}`)
    const { items } = (await found.json()) as { items: { id: string }[] }
    return (await (await running.admin(`/api/signups/${items[0]?.id}`)).json()) as SignupInFull
  }

  /** The signup and its letter as soon as the letter has come back or was refused. */
  async function undeliverable(email: string, running: TestService = hops.service) {
    const signup = await eventually(async () => {
      const now = await lookUp(email, running)
      return now.letters[0]?.state === 'undeliverable' && now
    }, `what becomes of the letter to ${email}`).catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${(await hops.relay.log()).slice(-4_000)}`)
    })
    const bounced = signup.events.find(({ type }) => type === 'bounced')?.detail ?? {}
    const { door, category, forwarded } = bounced
    const { status, reason } = signup
    return { status, reason, door, category, forwarded, reply: String(bounced.reply ?? '') }
  }

  async function isSuppressed(email: string): Promise<boolean> {
    const { items } = (await (await hops.service.admin('/api/suppressions')).json()) as {
      items: { email: string }[]
    }
    return items.some((item) => item.email === email)
  }

  async function letterIn(server: MailServer, box: string, to: string): Promise<string> {
    return eventually(
      async () => (await server.delivered(box)).find((raw) => raw.includes(to)),
      `mail in ${box}`,
    )
  }

  async function confirm(raw: string): Promise<unknown> {
    const text = raw.replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=')
    const path = /\/confirm\/[\w-]{43}/.exec(text)?.[0] ?? ''
    const answer = await hops.service.fetch(path, { method: 'POST', headers: { accept: 'application/json' } })
    return json(answer)
  }

  test('to somebody who exists: it is in the mailbox, with its return path, and its link confirms', async () => {
    await signUp('ann@one.example')
    const raw = await letterIn(hops.relay, 'ann', 'ann@one.example')
    expect(raw).toMatch(/^Return-path: <bounces\+[a-z2-7]{42}@bounce\.one\.example>$/im)
    expect(await confirm(raw)).toMatchObject({ status: 'confirmed', email: 'ann@one.example' })
  })

  test('to nobody at the relay itself: it is refused while sending', async () => {
    const handle = await signUp('nobody@one.example')
    expect(await undeliverable('nobody@one.example')).toMatchObject({
      status: 'invalid',
      reason: 'mailbox-does-not-exist',
      door: 'relay',
      forwarded: false,
    })
    expect(await json(await hops.service.fetch(`/signups/${handle}`))).toMatchObject({
      letter: 'undeliverable',
      reason: 'mailbox-does-not-exist',
    })
    expect(await isSuppressed('nobody@one.example')).toBe(true)
  })

  test('to nobody at a second hop, which asks back first: a report comes in by LMTP', async () => {
    await signUp('nobody@two.example')
    expect(await undeliverable('nobody@two.example')).toMatchObject({
      status: 'invalid',
      reason: 'mailbox-does-not-exist',
      door: 'lmtp',
      forwarded: false,
    })
    expect(await isSuppressed('nobody@two.example')).toBe(true)
  })

  test('to somebody at the second hop: its question about our return path was answered well', async () => {
    await signUp('ben@two.example')
    expect(await confirm(await letterIn(hops.secondHop, 'ben', 'ben@two.example'))).toMatchObject({
      status: 'confirmed',
    })
  })

  test('to what is no return path: the relay has asked us, and refuses it as we do', async () => {
    const { returnPath } = await returnedLetter(hops.service, 'somebody@one.example')
    const talk = await openTransaction(hops.relay.url, 'ben@two.example')
    try {
      expect(await talk.say(`RCPT TO:<someone@${bounceDomain}>`)).toMatch(/^550[ -]/)
      expect(await talk.say(`RCPT TO:<${returnPath}>`)).toMatch(/^250 /)
    } finally {
      talk.drop()
    }
  })

  test('to a full mailbox: it comes back, and the signup stays', async () => {
    await signUp('full@one.example')
    expect(await undeliverable('full@one.example')).toMatchObject({
      status: 'pending',
      door: 'lmtp',
      category: 'mailbox-full',
    })
  })

  test('to a full mailbox behind it: that server’s report comes in by SMTP, through TLS', async () => {
    await signUp('full@three.example')
    expect(await undeliverable('full@three.example')).toMatchObject({
      status: 'pending',
      door: 'smtp',
      category: 'mailbox-full',
    })
    const tls = /TLS connection established to 127\.0\.0\.1|T=smtp .* X=TLS1/
    await eventually(async () => tls.test(await hops.thirdHop.log()), 'TLS in its log')
  })

  test('through a forward to nobody: the signup ends, and the address that was typed is not suppressed', async () => {
    await signUp('forward@one.example')
    expect(await undeliverable('forward@one.example')).toMatchObject({
      status: 'invalid',
      reason: 'mailbox-does-not-exist',
      door: 'lmtp',
      forwarded: true,
    })
    expect(await isSuppressed('forward@one.example')).toBe(false)
  })

  test('with SMTPUTF8: to somebody who exists, and to nobody at a second hop', async () => {
    await signUp('jürgen@one.example')
    expect(await confirm(await letterIn(hops.relay, 'jürgen', 'jürgen@one.example'))).toMatchObject({
      status: 'confirmed',
      email: 'jürgen@one.example',
    })
    await signUp('jöns@two.example')
    expect(await undeliverable('jöns@two.example')).toMatchObject({
      status: 'invalid',
      reason: 'mailbox-does-not-exist',
      door: 'lmtp',
    })
  })

  test('with SMTPUTF8 to a second hop that does not know it: it comes back, and the signup stays', async () => {
    await signUp('jöns@three.example')
    expect(await undeliverable('jöns@three.example')).toMatchObject({ status: 'pending', door: 'lmtp' })
  })
  test('by a relay that does not know SMTPUTF8: such a letter never leaves, and the others do', async () => {
    const running = await startTestService({
      SMTP_URL: hops.thirdHop.url,
      MAIL_FROM: 'Three <news@three.example>',
      BOUNCE_ADDRESS: `bounces@${bounceDomain}`,
    })
    try {
      await signUp('jürgen@three.example', running)
      expect(await undeliverable('jürgen@three.example', running)).toMatchObject({ status: 'pending' })
      const [letter] = (await lookUp('jürgen@three.example', running)).letters
      expect(`${letter?.reply}`).toMatch(/SMTPUTF8/)
      await signUp('ben@three.example', running)
      await letterIn(hops.thirdHop, 'ben', 'ben@three.example')
    } finally {
      await running.close()
    }
  })
}
