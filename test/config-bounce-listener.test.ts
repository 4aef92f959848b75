import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readConfig, secretsIn } from '../src/config.ts'
import { localhostCertificate, localhostKey } from './mail/localhost-certificate.ts'

const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
})
const files: Readonly<Record<string, string>> = {
  'chain.pem': localhostCertificate,
  'key.pem': localhostKey,
  'other.pem': String(otherKey),
}

function read(env: Record<string, string>) {
  return readConfig(env, (path) => {
    const text = files[path]
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return text
  })
}

function mistakesFrom(env: Record<string, string>): string[] {
  const reading = read(env)
  return reading.kind === 'mistakes' ? reading.mistakes : []
}

function configFrom(env: Record<string, string>) {
  const reading = read(env)
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join('\n'))
  return reading
}

describe('BOUNCE_LISTEN', () => {
  test.each([
    ['lmtp://127.0.0.1:2424', { protocol: 'lmtp', host: '127.0.0.1', port: 2424 }],
    ['smtp://0.0.0.0:25', { protocol: 'smtp', host: '0.0.0.0', port: 25 }],
    ['LMTP://[::1]:0/', { protocol: 'lmtp', host: '::1', port: 0 }],
    ['smtp://mx.Example.com:2525', { protocol: 'smtp', host: 'mx.example.com', port: 2525 }],
  ])('%s is a place', (text, place) => {
    const { config } = configFrom({ BOUNCE_LISTEN: text, BOUNCE_ADDRESS: 'bounces@example.com' })
    expect(config.bounceListener).toEqual({ ...place, certificate: null })
  })

  test.each([
    'lmtp://127.0.0.1',
    'lmtp://:2424',
    'lmtp://127.0.0.1:70000',
    'smtps://127.0.0.1:465',
    'http://127.0.0.1:25',
    '127.0.0.1:2424',
    'lmtp:/run/ayes.sock',
    'lmtp://user:password@127.0.0.1:2424',
    'lmtp://127.0.0.1:2424/path',
    'lmtp://127.0.0.1:2424?x',
    'lmtp://*:2424',
    'on',
  ])('%s is none', (text) => {
    expect(mistakesFrom({ BOUNCE_LISTEN: text, BOUNCE_ADDRESS: 'bounces@example.com' })).toEqual([
      expect.stringMatching(/^BOUNCE_LISTEN is ".*", which .*: write lmtp:\/\/127\.0\.0\.1:2424, or smtp:/),
    ])
  })

  test('without BOUNCE_ADDRESS it takes nothing, and says so', () => {
    expect(configFrom({ BOUNCE_LISTEN: 'lmtp://127.0.0.1:0' }).warnings).toEqual([
      expect.stringMatching(/^BOUNCE_LISTEN is set, but BOUNCE_ADDRESS is not: /),
    ])
  })

  test('is a door for bounces to a service with a relay', () => {
    const relay = {
      SMTP_URL: 'smtp://relay.example',
      MAIL_FROM: 'n@example.com',
      PUBLIC_URL: 'https://l.example',
    }
    const { warnings } = configFrom({ ...relay, BOUNCE_LISTEN: 'lmtp://127.0.0.1:0' })
    expect(warnings.filter((words) => words.startsWith('BOUNCE_ADDRESS'))).toEqual([])
  })
})

describe('its certificate', () => {
  const place = { BOUNCE_LISTEN: 'smtp://0.0.0.0:25', BOUNCE_ADDRESS: '*@bounce.example.com' }
  const both = { BOUNCE_TLS_CERT: 'chain.pem', BOUNCE_TLS_KEY: 'key.pem' }

  test('is read with its key, which no log line shows', () => {
    const { config, warnings } = configFrom({ ...place, ...both })
    expect(config.bounceListener?.certificate).toEqual({ chain: localhostCertificate, key: localhostKey })
    expect(warnings).toEqual([])
    expect(secretsIn(config)).toContain(localhostKey)
  })

  test.each([
    [{ BOUNCE_TLS_CERT: 'chain.pem' }, /^BOUNCE_TLS_KEY is not set, but BOUNCE_TLS_CERT is: write both/],
    [{ BOUNCE_TLS_KEY: 'key.pem' }, /^BOUNCE_TLS_CERT is not set, but BOUNCE_TLS_KEY is: write both/],
    [
      { ...both, BOUNCE_TLS_CERT: 'no.pem' },
      /^BOUNCE_TLS_CERT is "no.pem", which cannot be read \(ENOENT\): /,
    ],
    [{ ...both, BOUNCE_TLS_CERT: 'key.pem' }, /^BOUNCE_TLS_CERT is "key.pem", which holds no certificate: /],
    [{ ...both, BOUNCE_TLS_KEY: 'chain.pem' }, /^BOUNCE_TLS_KEY is "chain.pem", which holds no private key/],
    [{ ...both, BOUNCE_TLS_KEY: 'other.pem' }, /^BOUNCE_TLS_KEY does not belong to BOUNCE_TLS_CERT: /],
  ])('%j is a mistake', (settings, words) => {
    expect(mistakesFrom({ ...place, ...settings })).toEqual([expect.stringMatching(words)])
  })

  test('without the listener it has no effect, and that is said', () => {
    expect(configFrom(both).warnings).toEqual([
      expect.stringMatching(/^BOUNCE_TLS_CERT and BOUNCE_TLS_KEY have no effect/),
    ])
  })
})
