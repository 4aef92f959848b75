// What `ayes doctor` says where something is not in order.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { localhostCertificate } from './mail/localhost-certificate.ts'
import type { Zone } from './support/dns-server.ts'
import { type DoctorHouse, linesOf, openDoctorHouse, resultsOf, zone } from './support/doctor-house.ts'
import { openRawRelay } from './support/raw-relay.ts'

let house: DoctorHouse
beforeAll(async () => {
  house = await openDoctorHouse()
})
afterAll(() => house.close())

describe('what is wrong is said, with how to mend it, and the status is 1', () => {
  const { 'bounce.example.com': bounce, '_dmarc.example.com': _dmarc, ...rest } = zone
  test.each<[string, Zone, string, string, string]>([
    [
      'no SPF',
      { ...rest, 'bounce.example.com': { MX: [{ preference: 1, exchange: 'mx.example.com' }] } },
      'spf-record',
      'wrong',
      'bounce.example.com. TXT "v=spf1 ',
    ],
    ['an include that is gone', { ...zone, '_spf.relay.example': {} }, 'spf-record', 'wrong', 'that term'],
    [
      'no DKIM key',
      { ...zone, 's1._domainkey.example.com': {} },
      'dkim-record',
      'wrong',
      's1._domainkey.example.com. TXT "v=DKIM1; k=rsa; p=',
    ],
    [
      'no MX for bounces',
      { ...zone, 'bounce.example.com': { TXT: [['v=spf1 ip4:198.51.100.0/24 -all']] } },
      'return-path-mx',
      'wrong',
      'bounce.example.com. MX 10 lists.example.com.',
    ],
    [
      'a null MX of our own',
      { ...zone, 'example.com': { MX: [{ preference: 0, exchange: '.' }] } },
      'from-mx',
      'wrong',
      'example.com. MX 10 lists.example.com.',
    ],
    [
      'no host behind the links',
      { ...zone, 'lists.example.com': {} },
      'public-host',
      'wrong',
      'lists.example.com. A ',
    ],
    [
      'no DMARC',
      { ...rest, 'bounce.example.com': bounce ?? {} },
      'dmarc-record',
      'warning',
      '_dmarc.example.com. TXT "v=DMARC1; p=none',
    ],
    [
      'a resolver in trouble',
      { ...zone, '_dmarc.example.com': 'servfail' },
      'dmarc-record',
      'cannot-tell',
      'DNS_SERVERS',
    ],
  ])('%s', async (_, records, check, result, mend) => {
    const ended = await house.doctor({}, records)
    const line = linesOf(ended).find((one) => one.check === check)
    expect(line).toMatchObject({ result, mend: expect.stringContaining(mend) })
    expect(ended.status).toBe(result === 'wrong' ? 1 : 0)
  })

  test('settings: all mistakes at once, and no further', async () => {
    const ended = await house.doctor({ SMTP_URL: 'mail.example.com', PORT: 'x' })
    expect(ended.status).toBe(1)
    expect(linesOf(ended)).toMatchObject([
      {
        group: 'settings',
        result: 'wrong',
        found: expect.stringMatching(/^PORT/),
        mend: expect.stringMatching(/^write/),
      },
      { group: 'settings', result: 'wrong', found: expect.stringMatching(/^SMTP_URL/) },
    ])
  })

  test('a relay that refuses the login, without telling its password', async () => {
    const ended = await house.doctor({ SMTP_URL: house.relay.url.replace('//', '//ann:bzzzzz-wrong@') })
    expect(ended.status).toBe(1)
    const line = linesOf(ended).find(({ group }) => group === 'relay')
    expect(line).toMatchObject({
      result: 'wrong',
      mend: expect.stringContaining('user and password in SMTP_URL'),
    })
    expect(ended.stdout).not.toContain('bzzzzz')
  })

  test('a relay and a database that are not there', async () => {
    const ended = await house.doctor({
      SMTP_URL: 'smtp://127.0.0.1:1',
      DATABASE_URL: 'postgres://nobody:hush-hush@127.0.0.1:1/nothing',
    })
    expect([ended.status, resultsOf(ended)]).toEqual([
      1,
      expect.objectContaining({ relay: 'wrong', database: 'wrong' }),
    ])
    expect(ended.stdout).not.toContain('hush')
  })

  test('a relay with a certificate for another name', async () => {
    const certificate = join(house.dir, 'localhost.pem')
    await writeFile(certificate, localhostCertificate)
    // The unspecified address is this machine too, and no name of the certificate's.
    const url = house.relay.url.replace('127.0.0.1', '0.0.0.0')
    const ended = await house.doctor({ SMTP_URL: url, NODE_EXTRA_CA_CERTS: certificate })
    const line = linesOf(ended).find(({ group }) => group === 'relay')
    expect(line).toMatchObject({ result: 'wrong', found: expect.stringContaining('altnames') })
    expect(line?.mend).toContain('the host name that the certificate is for')
  })

  test('a relay that refuses the sender', async () => {
    const relay = await openRawRelay((command) => (command === 'MAIL FROM' ? '550 5.7.1 Not yours' : 'usual'))
    onTestFinished(() => relay.close())
    const ended = await house.doctor({ SMTP_URL: relay.url })
    expect(linesOf(ended).find(({ check }) => check === 'relay-sender')).toMatchObject({
      result: 'wrong',
      found: expect.stringContaining('Not yours'),
      mend: expect.stringContaining('BOUNCE_ADDRESS'),
    })
    expect(relay.finished()).toBe(0)
  })
})

describe('the door for what comes back', () => {
  test('none is warned of', async () => {
    expect(resultsOf(await house.doctor({ BOUNCE_TOKEN: '' }))).toMatchObject({ 'bounce-door': 'warning' })
  })

  test('that listens is tried, and one that does not cannot be told of', async () => {
    const listener = await openRawRelay(() => 'usual')
    onTestFinished(() => listener.close())
    const BOUNCE_LISTEN = listener.url.replace('smtp:', 'lmtp:')
    expect(resultsOf(await house.doctor({ BOUNCE_LISTEN }))).toMatchObject({
      'bounce-listen': 'ok',
      'return-path-leads-here': 'ok',
    })
    await listener.close()
    const elsewhere = { ...zone, 'mx.example.com': { A: ['198.51.100.99'] } }
    const ended = await house.doctor({ BOUNCE_LISTEN }, elsewhere)
    expect([ended.status, resultsOf(ended)]).toEqual([
      0,
      expect.objectContaining({ 'bounce-listen': 'cannot-tell', 'return-path-leads-here': 'cannot-tell' }),
    ])
  })
})
