import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { txtLine } from '../../../src/core/doctor/dns-line.ts'
import { judgeDkim } from '../../../src/core/doctor/judge-dkim.ts'

function makeKey(bits: number) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const half = (type: 'spki' | 'pkcs1') =>
    createPublicKey(privateKey).export({ type, format: 'der' }).toString('base64')
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    spki: half('spki'),
    pkcs1: half('pkcs1'),
  }
}
const key = makeKey(2048)
const other = makeKey(1024)

const judge = (records: string[], { pem } = key) =>
  judgeDkim({ domain: 'example.com', selector: 's1', privateKey: pem }, { kind: 'found', records })
const results = (records: string[], own = key) =>
  Object.fromEntries(judge(records, own).map(({ check, result }) => [check, result]))

const fine = { 'dkim-record': 'ok', 'dkim-key-length': 'ok' }

test.each<[string, string]>([
  ['as it is made', `v=DKIM1; k=rsa; p=${key.spki}`],
  ['as the bare key', `v=DKIM1; p=${key.pkcs1}`],
  [
    'with spaces, tags and a semicolon at its end',
    `v=DKIM1;h=sha1:sha256 ; s=email; t=s;p= ${key.spki.replace(/(.{60})/g, '$1 ')};`,
  ],
  ['without a version', `p=${key.spki}`],
])('a key that belongs to ours is ok: %s', (_, record) => {
  expect(results([record])).toEqual(fine)
})

describe('what no letter can be verified by is wrong', () => {
  test.each<[string, string[], string]>([
    ['nothing there', [], 'There is no DKIM key'],
    ['two records', [`p=${key.spki}`, `p=${key.spki}`], 'There are 2 TXT records'],
    ['another key', [`v=DKIM1; p=${other.spki}`], 'does not belong to DKIM_KEY_FILE'],
    ['a key that is none', ['v=DKIM1; p=abc'], 'does not belong'],
    ['a revoked key', ['v=DKIM1; p='], 'is revoked'],
    ['no key', ['v=DKIM1; k=rsa'], 'has no p='],
    ['another type', [`v=DKIM1; k=ed25519; p=${key.spki}`], 'of type "ed25519"'],
    ['another version', [`v=DKIM2; p=${key.spki}`], 'v=DKIM1'],
    ['the version at the end', [`p=${key.spki}; v=DKIM1`], 'v=DKIM1'],
    ['SHA-1 alone', [`v=DKIM1; h=sha1; p=${key.spki}`], 'SHA-256'],
    ['not for mail', [`v=DKIM1; s=web; p=${key.spki}`], 'not for mail'],
    ['no tags', ['hello'], 'cannot be read'],
    ['a tag twice', [`p=${key.spki}; p=${key.spki}`], 'twice'],
  ])('%s', (_, records, words) => {
    const findings = judge(records)
    expect(findings).toMatchObject([
      { check: 'dkim-record', result: 'wrong', found: expect.stringContaining(words) },
    ])
    expect(findings[0]?.mend).toContain('s1._domainkey.example.com. TXT "v=DKIM1; k=rsa; p=')
  })
})

test('a test flag and a short key are warned of', () => {
  expect(results([`v=DKIM1; t=y; p=${other.spki}`], other)).toEqual({
    'dkim-record': 'ok',
    'dkim-testing': 'warning',
    'dkim-key-length': 'warning',
  })
})

test('no answer says nothing against it', () => {
  const setting = { domain: 'example.com', selector: 's1', privateKey: key.pem }
  expect(judgeDkim(setting, { kind: 'no-answer', why: 'silence' })).toMatchObject([{ result: 'cannot-tell' }])
  expect(judgeDkim(setting, { kind: 'no-such-domain' })).toMatchObject([{ result: 'wrong' }])
})

test('the line to add has strings that fit, and no part of the private key', () => {
  const mend = judge([])[0]?.mend ?? ''
  const strings = [...mend.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text)
  expect(strings.every((text) => text.length <= 255)).toBe(true)
  expect(strings.join('')).toBe(`v=DKIM1; k=rsa; p=${key.spki}`)
  expect(txtLine('a.example', 'say "x\\y"')).toBe('a.example. TXT "say \\"x\\\\y\\""')
})
