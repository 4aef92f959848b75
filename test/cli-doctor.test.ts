// `ayes doctor` as somebody types it: a real DNS server, a real relay and a real database.
import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ayes, startCommand } from './support/command-line.ts'
import { openDnsServer } from './support/dns-server.ts'
import {
  type DoctorHouse,
  linesOf,
  openDoctorHouse,
  resultsOf,
  secrets,
  serveZone,
  zone,
} from './support/doctor-house.ts'
import { makeBareDatabase } from './support/dumps.ts'

let house: DoctorHouse
beforeAll(async () => {
  house = await openDoctorHouse()
})
afterAll(() => house.close())

describe('an installation that is in order', () => {
  test('has nothing wrong, in all its parts', async () => {
    const ended = await house.doctor({})
    expect(ended).toMatchObject({ status: 0, stderr: '' })
    expect(resultsOf(ended)).toMatchObject({
      settings: 'ok',
      database: 'ok',
      migrations: 'ok',
      'public-url': 'ok',
      'public-host': 'ok',
      relay: 'ok',
      'relay-tls': 'ok',
      'relay-sender': 'ok',
      'relay-smtputf8': 'ok',
      'bounce-address': 'ok',
      'bounce-door': 'ok',
      'return-path-mx': 'ok',
      'from-mx': 'ok',
      'spf-record': 'ok',
      'spf-lookups': 'ok',
      'spf-ending': 'ok',
      'dkim-record': 'ok',
      'dkim-key-length': 'ok',
      'dmarc-record': 'ok',
      'dmarc-alignment': 'ok',
    })
    for (const line of linesOf(ended)) {
      expect(Object.keys(line)).toEqual(['group', 'check', 'result', 'found', 'mend'])
      expect(line.mend === null).toBe(line.result === 'ok')
    }
    expect(house.relay.taken).toEqual([])
  })

  test('is told of in words, without colour and without secrets', async () => {
    const DNS_SERVERS = await serveZone(zone)
    const { status, stdout } = await ayes(['doctor'], { ...house.settings, DNS_SERVERS })
    expect([status, stdout.trim().split('\n').at(-1)]).toEqual([
      0,
      expect.stringMatching(/^Nothing is wrong: \d+ ok,/),
    ])
    for (const title of ['Settings', 'Database', 'Relay', 'Return path', 'SPF', 'DKIM', 'DMARC']) {
      expect(stdout.split('\n')).toContain(title)
    }
    expect(stdout).not.toContain('\u001b')
    for (const secret of secrets) {
      expect(stdout).not.toContain(secret)
    }
  })
})

describe('nothing is changed', () => {
  test('a database without its steps gets none', async () => {
    const url = await makeBareDatabase()
    const ended = await house.doctor({ DATABASE_URL: url })
    expect([ended.status, resultsOf(ended)]).toEqual([0, expect.objectContaining({ migrations: 'warning' })])
    const again = await house.doctor({ DATABASE_URL: url })
    expect(linesOf(again)).toContainEqual(
      expect.objectContaining({
        check: 'migrations',
        found: expect.stringContaining('no installation of Ayes yet'),
      }),
    )
  })

  test('without DATABASE_URL and without a database of our own, none is made', async () => {
    const place = join(house.dir, 'not-there')
    const ended = await ayes(['doctor', '--json'], { DATA_DIR: place, PORT: '3000' })
    expect(resultsOf(ended)).toMatchObject({ database: 'warning', relay: 'warning' })
    expect(ended.status).toBe(0)
    await expect(access(place)).rejects.toThrow('ENOENT')
  })
})

describe('--send', () => {
  test('follows a letter to its 250, by our own return path and signed', async () => {
    const ended = await house.doctor({}, zone, '--send', 'ann@example.org')
    expect(ended.status).toBe(0)
    const steps = linesOf(ended).filter(({ group }) => group === 'letter')
    expect(steps.map(({ check }) => check).filter((check) => check !== 'EHLO')).toEqual([
      'connection',
      'greeting',
      'STARTTLS',
      'TLS',
      'login',
      'MAIL FROM',
      'RCPT TO',
      'DATA',
      'message',
      'letter',
    ])
    expect(steps.at(-1)).toMatchObject({ result: 'ok', found: expect.stringContaining('250 ') })
    const seconds = steps.map((step) => step.seconds ?? -1)
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b))
    expect(house.relay.taken).toHaveLength(1)
    const { envelope, raw } = house.relay.taken[0] ?? {}
    expect(envelope).toMatchObject({
      mailFrom: { address: expect.stringMatching(/^[a-z2-7]{42}@bounce\.example\.com$/) },
      rcptTo: [{ address: 'ann@example.org' }],
    })
    expect(raw).toMatch(/^DKIM-Signature: (?:.*\r\n[ \t])*.*d=example\.com/m)
    const signups = await house.database.database.db.selectFrom('signups').selectAll().execute()
    expect(signups).toEqual([])
  })

  test('says in words why a letter is refused', async () => {
    const ended = await house.doctor({}, zone, '--send', 'nobody@example.org')
    expect(ended.status).toBe(1)
    expect(linesOf(ended).at(-1)).toMatchObject({
      check: 'letter',
      result: 'wrong',
      found: expect.stringMatching(
        /there is no such mailbox \(mailbox-does-not-exist, 5\.1\.1\).*no such user here/,
      ),
    })
  })

  test('without a relay it says that the letter stays here', async () => {
    const place = { DATA_DIR: join(house.dir, 'dev'), PORT: '3000' }
    const { status, stdout } = await ayes(['doctor', '--send', 'ann@example.org'], place)
    expect(status).toBe(0)
    expect(stdout).toContain('Kept in the dev mailbox')
    const refused = await ayes(['doctor', '--send', 'refuse-5.2.2@example.org'], place)
    expect([refused.status, refused.stdout]).toEqual([1, expect.stringContaining('the mailbox is full')])
  })
})

describe('how it is called', () => {
  test.each([
    [['--send'], '--send'],
    [['--send', 'nobody'], '--send is no address'],
    [['everything'], '"everything" is one word too many'],
    [['--jsn'], "Unknown option '--jsn'"],
  ])('%j is 64', async (args, words) => {
    const ended = await ayes(['doctor', ...args], house.settings)
    expect(ended).toMatchObject({ status: 64, stdout: '', stderr: expect.stringContaining(words) })
  })

  test('Ctrl-C ends it, whoever is silent', async () => {
    const asked = Promise.withResolvers<void>()
    const dns = await openDnsServer(() => {
      asked.resolve()
      return 'silence'
    })
    onTestFinished(() => dns.close())
    // Many silent servers: together they are waited for longer than any test takes.
    const DNS_SERVERS = Array.from({ length: 50 }, (_, n) =>
      dns.address.replace('0.0.1', `0.0.${n + 1}`),
    ).join(',')
    const child = startCommand(['doctor'], { ...house.settings, DNS_SERVERS })
    child.stdout.resume()
    await asked.promise
    child.kill('SIGINT')
    const [status] = await once(child, 'close')
    expect(status).toBe(1)
  })
})
