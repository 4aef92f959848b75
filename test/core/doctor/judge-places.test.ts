// MX, the relay and the name of our own address.
import { describe, expect, test } from 'vitest'
import type { LookedUp } from '../../../src/core/doctor/finding.ts'
import { judgeMx, type Mx } from '../../../src/core/doctor/judge-mx.ts'
import { judgeRelay, type RelayFacts } from '../../../src/core/doctor/judge-relay.ts'
import { judgeReverse } from '../../../src/core/doctor/judge-reverse.ts'

describe('where mail to a domain goes', () => {
  const place = {
    group: 'sender',
    check: 'mx',
    what: 'ours',
    harm: 'nothing arrives',
    host: 'mx.example',
  } as const
  const none = { kind: 'no-records' } as const
  test.each<[string, LookedUp<Mx>, LookedUp, string, string]>([
    [
      'an MX',
      { kind: 'found', records: [{ preference: 1, exchange: 'b.example' }] },
      none,
      'ok',
      'b.example',
    ],
    ['a null MX', { kind: 'found', records: [{ preference: 0, exchange: '.' }] }, none, 'wrong', 'RFC 7505'],
    ['no such domain', { kind: 'no-such-domain' }, none, 'wrong', 'not in the DNS'],
    ['an address alone', none, { kind: 'found', records: ['192.0.2.1'] }, 'warning', '192.0.2.1'],
    ['neither', none, none, 'wrong', 'neither MX nor address'],
    ['no answer', { kind: 'no-answer', why: 'SERVFAIL' }, none, 'cannot-tell', 'SERVFAIL'],
    ['no answer about addresses', none, { kind: 'no-answer', why: 'REFUSED' }, 'cannot-tell', 'REFUSED'],
  ])('%s', (_, mx, addresses, result, words) => {
    const [finding] = judgeMx({ domain: 'a.example', mx, addresses }, place)
    expect(finding).toMatchObject({ result, found: expect.stringContaining(words) })
    if (result === 'wrong') expect(finding?.mend).toContain('a.example. MX 10 mx.example.')
  })
})

describe('the relay', () => {
  const now = new Date('2026-01-01T00:00:00Z')
  const open = {
    kind: 'open',
    tls: { protocol: 'TLSv1.3', validTo: new Date('2026-06-01') },
    offers: ['SMTPUTF8', 'DSN', 'SIZE 10240000'],
    sender: { taken: true, reply: '250 ok' },
  } as const
  const results = (found: RelayFacts['found'], changes: Partial<RelayFacts> = {}) =>
    Object.fromEntries(
      judgeRelay(
        { name: 'r.example:587', isOnThisMachine: false, hasLogin: true, found, ...changes },
        now,
      ).map(({ check, result }) => [check, result]),
    )
  const fine = {
    relay: 'ok',
    'relay-tls': 'ok',
    'relay-sender': 'ok',
    'relay-smtputf8': 'ok',
    'relay-dsn': 'ok',
  }

  test('that is fine is ok', () => {
    expect(results(open)).toEqual(fine)
    expect(results({ ...open, tls: null }, { isOnThisMachine: true })).toEqual(fine)
  })

  test.each<[Partial<typeof open> | object, object]>([
    [{ tls: null }, { 'relay-tls': 'warning' }],
    [{ tls: { protocol: 'TLSv1.2', validTo: new Date('2026-01-05') } }, { 'relay-tls': 'warning' }],
    [{ sender: { taken: false, reply: '550 no' } }, { 'relay-sender': 'wrong' }],
    [{ offers: ['SIZE 100'] }, { 'relay-smtputf8': 'warning', 'relay-dsn': 'ok', 'relay-size': 'warning' }],
    [{ offers: ['SIZE', 'SMTPUTF8'] }, { 'relay-smtputf8': 'ok' }],
  ])('%j gives %j', (changes, expected) => {
    const found = results({ ...open, ...changes })
    expect(found).toMatchObject(expected)
    expect(Object.keys(found).length - Object.keys(fine).length).toBe('relay-size' in expected ? 1 : 0)
  })

  test.each([
    ['r answered the login with: 535 5.7.8 no', 'user and password'],
    ['r offers no login, but SMTP_URL has a user', 'take user and password out'],
    ["TLS with r failed: Hostname/IP does not match certificate's altnames", 'the certificate is for'],
    ['could not connect to r: getaddrinfo ENOTFOUND r', 'check the host'],
    ['could not connect to r: connect ECONNREFUSED', 'firewall'],
    ['no connection to r within 10 s', 'firewall'],
    ['r greeted with: 554 5.7.1 go away', 'whether this machine may use it'],
  ])('%s: %s', (why, mend) => {
    const [finding, ...more] = judgeRelay(
      { name: 'r', isOnThisMachine: false, hasLogin: true, found: { kind: 'trouble', why } },
      now,
    )
    expect([finding?.result, more]).toEqual(['wrong', []])
    expect(finding?.mend).toContain(mend)
  })
})

test('an address needs a name that leads back to it', () => {
  const found = { kind: 'found', records: ['mail.example'] } as const
  const address = '198.51.100.1'
  const results = judgeReverse([
    { address, names: found, confirmed: true },
    { address, names: found, confirmed: false },
    { address, names: { kind: 'no-such-domain' }, confirmed: false },
    { address, names: { kind: 'no-answer', why: 'SERVFAIL' }, confirmed: false },
  ]).map(({ result }) => result)
  expect(results).toEqual(['ok', 'warning', 'warning', 'cannot-tell'])
  expect(judgeReverse([])).toMatchObject([{ result: 'cannot-tell' }])
})
