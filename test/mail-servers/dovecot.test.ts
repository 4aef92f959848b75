// The mailbox for bounces at a real Dovecot, over real TLS: a letter's life from the form to Ayes/handled.
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { writeReport } from '../../src/core/bounce/write-report.ts'
import { localhostCertificate } from '../mail/localhost-certificate.ts'
import { copyTemplate } from '../support/database.ts'
import { type Dovecot, missingDovecot, startDovecot } from '../support/dovecot.ts'
import { newAddress, statusOf } from '../support/http.ts'
import { eventually } from '../support/letters.ts'
import { bouncesOf, returnedLetter } from '../support/returned-letter.ts'
import { adminToken, secretKey, startTestService, type TestService } from '../support/running-service.ts'
import { makeDataDir, startProcess } from '../support/service-process.ts'
import { openSmtpSink } from '../support/smtp-sink.ts'

if (missingDovecot !== null) console.warn(`The tests with a real Dovecot are skipped: it ${missingDovecot}.`)

let dovecot: Dovecot
const trusted = getCACertificates()

/** A service that reads the mailbox of the user; every test has one of its own. */
function readerOf(user: string, settings: Record<string, string> = {}, from = dovecot): Promise<TestService> {
  const BOUNCE_ADDRESS = `${user}@example.com`
  return startTestService({ BOUNCE_ADDRESS, BOUNCE_IMAP_URL: from.url(user), ...settings })
}

const logged = (running: TestService, words: string) => running.logged.some((line) => line.includes(words))
const handled = '.Ayes.handled'
const unmatched = '.Ayes.unmatched'

describe.skipIf(missingDovecot !== null)('a mailbox at Dovecot', () => {
  beforeAll(async () => {
    dovecot = await startDovecot()
    setDefaultCACertificates([...trusted, localhostCertificate])
  })
  afterAll(async () => {
    setDefaultCACertificates(trusted)
    await dovecot.close()
  })

  test('a letter comes back, the signup is invalid, and the report lies in Ayes/handled', async () => {
    const relay = await openSmtpSink()
    const running = await readerOf('one', {
      SMTP_URL: relay.url,
      MAIL_FROM: 'News <news@example.com>',
      PUBLIC_URL: 'http://lists.example.com',
    })
    const email = newAddress()
    expect((await running.signUp({ email, as_typed: true })).status).toBe(202)
    const letter = await eventually(async () => relay.letters.find(({ to }) => to === email))
    expect(letter.from).toMatch(/^one\+[a-z2-7]{42}@example\.com$/)
    await eventually(async () => (await relayState(running, email)) === 'sent')
    const report = writeReport({
      reportingMta: 'mx.example.net',
      from: 'MAILER-DAEMON@mx.example.net',
      to: 'postmaster@example.com',
      recipient: email,
      status: '5.1.1',
      diagnostic: `550 5.1.1 <${email}>: Recipient address rejected: User unknown`,
      originalHeaders: [['Subject', 'Please confirm']],
      at: new Date(),
      messageId: 'report-1@mx.example.net',
    })
    await dovecot.deliver(letter.from, report)
    await eventually(async () => (await statusOf(running, email)).includes('invalid'))
    await eventually(async () => (await dovecot.messages('one', handled)).length === 1)
    await eventually(async () => (await dovecot.messages('one', '')).length === 0)
    expect((await dovecot.messages('one', handled))[0]).toContain(`Delivered-To: ${letter.from}`)
    expect(await bouncesOf(running)).toEqual([{ door: 'imap', category: 'mailbox-does-not-exist' }])
    expect((await running.fetch('/readyz')).status).toBe(200)
    await running.close()
    await relay.close()
  })

  test('news comes by IDLE, long before the server would be asked', async () => {
    const running = await readerOf('two')
    for (let n = 1; n <= 3; n++) {
      const letter = await returnedLetter(running, newAddress())
      await dovecot.deliver(letter.returnPath, letter.report('5.1.1'))
      await eventually(async () => (await dovecot.messages('two', handled)).length === n)
      expect(await statusOf(running, letter.email)).toEqual(['invalid'])
    }
    await running.close()
  })

  test('two services at one mailbox handle each message once', async () => {
    const database = await copyTemplate()
    const DATABASE_URL = database.url
    const services = [await readerOf('three', { DATABASE_URL }), await readerOf('three', { DATABASE_URL })]
    const [first] = services
    if (first === undefined) throw new Error('no service')
    const letters = await Promise.all(Array.from({ length: 25 }, () => returnedLetter(first, newAddress())))
    for (const letter of letters) {
      await dovecot.deliver(letter.returnPath, letter.report('5.1.1'))
      await dovecot.deliver('three@example.com', `Subject: ${letter.returnPath.length}\r\n\r\nhello\r\n`)
    }
    await eventually(async () => (await dovecot.messages('three', '')).length === 0)
    expect(await dovecot.messages('three', handled)).toHaveLength(25)
    expect(await dovecot.messages('three', unmatched)).toHaveLength(25)
    const states = await Promise.all(letters.map(({ email }) => statusOf(first, email)))
    expect(states).toEqual(letters.map(() => ['invalid']))
    for (const service of services) await service.close()
    const lines = services
      .flatMap((service) => service.logged)
      .filter((line) => line.includes('mailbox-read'))
    const sums = lines.map((line) => JSON.parse(line) as { handled: number; unmatched: number })
    expect(sums.reduce((sum, { handled: one, unmatched: other }) => sum + one + other, 0)).toBe(50)
    await database.drop()
  })

  test('any bytes go to Ayes/unmatched, and a message of 20 MB too', async () => {
    const hostile = [
      '',
      '\r\n\r\n',
      `${'A'.repeat(900)}: \r\n`.repeat(2_000),
      'Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n'.repeat(500),
      Buffer.from(Array.from({ length: 70_000 }, (_, n) => (n * 31 + (n >> 8)) % 256)),
      Buffer.concat([Buffer.from('Subject: large\r\n\r\n'), Buffer.alloc(20_000_000, 'x\r\n')]),
    ]
    for (const raw of hostile) await dovecot.deliver('four@example.com', raw)
    const running = await readerOf('four')
    await eventually(async () => (await dovecot.messages('four', unmatched)).length === hostile.length)
    await eventually(async () => (await dovecot.messages('four', '')).length === 0)
    expect((await running.fetch('/healthz')).status).toBe(200)
    await running.close()
  })

  test('a server that restarts is found again, and nothing that came meanwhile is missed', async () => {
    const running = await readerOf('five')
    const letter = await returnedLetter(running, newAddress())
    await dovecot.stop()
    await eventually(async () => logged(running, '"event":"imap-trouble"'))
    await dovecot.start()
    await dovecot.deliver(letter.returnPath, letter.report('5.1.1'))
    await eventually(async () => (await dovecot.messages('five', handled)).length === 1)
    expect(await statusOf(running, letter.email)).toEqual(['invalid'])
    await running.close()
  })

  test('STARTTLS is taken where it is offered', async () => {
    const running = await readerOf('six', { BOUNCE_IMAP_URL: dovecot.url('six', 'imap') })
    await dovecot.deliver('six@example.com', 'Subject: hello\r\n\r\n')
    await eventually(async () => (await dovecot.messages('six', unmatched)).length === 1)
    await running.close()
  })

  test('a wrong password is told by its name, and no line holds it', async () => {
    const wrong = dovecot.url('six').replace(/:[^:@]+@/, ':not-the-password-1@')
    const running = await readerOf('six', { BOUNCE_IMAP_URL: wrong })
    await eventually(async () => logged(running, '"why":"login-refused"'))
    expect(logged(running, 'not-the-password-1')).toBe(false)
    expect((await running.fetch('/readyz')).status).toBe(200)
    await running.close()
  })

  test('folders that lie below INBOX, with dots between the levels', async () => {
    const other = await startDovecot({ separator: '.', prefix: 'INBOX.' })
    onTestFinished(() => other.close())
    const running = await readerOf('seven', {}, other)
    const letter = await returnedLetter(running, newAddress())
    await other.deliver(letter.returnPath, letter.report('5.1.1'))
    await other.deliver('seven@example.com', 'Subject: hello\r\n\r\n')
    await eventually(async () => (await other.messages('seven', unmatched)).length === 1)
    await eventually(async () => (await other.messages('seven', handled)).length === 1)
    await running.close()
  })

  test('a certificate of one’s own is trusted by NODE_EXTRA_CA_CERTS, and by nothing else', async () => {
    const database = await copyTemplate()
    const settings = {
      DATABASE_URL: database.url,
      ADMIN_TOKEN: adminToken,
      SECRET_KEY: secretKey,
      BOUNCE_ADDRESS: 'bounces@example.com',
      BOUNCE_IMAP_URL: dovecot.url('bounces'),
    }
    const doubting = await startProcess({ ...settings, DATA_DIR: await makeDataDir() })
    await eventually(async () => doubting.stdout.some((line) => line.includes('"why":"tls-failed"')))
    expect(doubting.stdout.join('\n')).toContain('NODE_EXTRA_CA_CERTS')
    expect(await doubting.stop()).toBe(0)
    await dovecot.deliver('bounces@example.com', 'Subject: hello\r\n\r\n')
    const NODE_EXTRA_CA_CERTS = dovecot.certificateFile
    const trusting = await startProcess({ ...settings, NODE_EXTRA_CA_CERTS, DATA_DIR: await makeDataDir() })
    await eventually(async () => (await dovecot.messages('bounces', unmatched)).length === 1)
    // while it idles
    expect(await trusting.stop()).toBe(0)
    await database.drop()
  })
})

async function relayState(running: TestService, email: string): Promise<string | undefined> {
  const row = await running.service.db
    .selectFrom('letters')
    .select('state')
    .where('recipient', '=', email)
    .executeTakeFirst()
  return row?.state
}
