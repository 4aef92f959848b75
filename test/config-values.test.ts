import { describe, expect, test } from 'vitest'
import { type Config, readConfig } from '../src/config.ts'

function configFrom(env: Record<string, string>): Config {
  const reading = readConfig(env, () => '')
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join('\n'))
  return reading.config
}

function mistakesFrom(env: Record<string, string>): string[] {
  const reading = readConfig(env, () => '')
  return reading.kind === 'mistakes' ? reading.mistakes : []
}

const relay = { SMTP_URL: 'smtp://relay.example', MAIL_FROM: 'News <news@example.com>' }

describe('plain values', () => {
  test.each([
    ['90s', 90],
    ['10m', 600],
    ['24h', 86_400],
    ['7d', 604_800],
    ['3y', 3 * 365 * 86_400],
  ])('the duration %s is %i seconds', (text, seconds) => {
    expect(configFrom({ CONFIRM_WITHIN: text }).times.confirmWithin).toBe(seconds)
  })

  test.each(['0s', '7', 'd', '-1d', '1.5h', '7D', '7w', '1000y', '99999999999s', 'off'])(
    '%s is no duration',
    (text) => {
      expect(mistakesFrom({ KEEP_IP: text })).toHaveLength(1)
    },
  )

  test('a limit is a rate or off', () => {
    const { limits } = configFrom({ SIGNUPS_PER_CLIENT: '5/90s', LETTERS_PER_LIST: 'off' })
    expect(limits.signupsPerClient).toEqual({ count: 5, seconds: 90 })
    expect(limits.lettersPerList).toBeNull()
  })

  test.each(['20', '20/', '/10m', '20/10', '0/1m', '1/2m/3', 'no'])('%s is no rate', (text) => {
    expect(mistakesFrom({ LETTERS_PER_MAILBOX: text })).toHaveLength(1)
  })

  test.each([
    ['SEND_CONCURRENCY', '0'],
    ['SEND_CONCURRENCY', '1e3'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '-1'],
    ['DEV_MAILBOX', 'yes'],
    ['ROLES', 'http,mail'],
    ['ROLES', ','],
    ['PORT', '65536'],
    ['HOST', 'localhost:3000'],
    ['HOST', 'http://localhost'],
  ])('%s=%s is one mistake', (name, value) => {
    expect(mistakesFrom({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} is "`))])
  })
})

describe('where HTTP listens', () => {
  test('with port 0 the public address waits for the port that is bound', () => {
    expect(configFrom({ PORT: '0' }).http).toMatchObject({ port: 0, publicUrl: null })
    expect(configFrom({ PORT: '0', PUBLIC_URL: 'http://a.example' }).http.publicUrl).toBe('http://a.example')
  })

  test('the public address keeps its path and loses the slash at its end', () => {
    const http = (url: string) => configFrom({ ...relay, PUBLIC_URL: url }).http.publicUrl
    expect(http('https://Example.com/')).toBe('https://example.com')
    expect(http('https://example.com:443/lists//')).toBe('https://example.com/lists')
    expect(http('http://example.com:8080/a/b/')).toBe('http://example.com:8080/a/b')
  })

  test.each([
    'example.com',
    'ftp://example.com',
    'https://u:p@example.com',
    'https://a.example/?x',
    '//a',
    'https://',
  ])('%s is no public address', (url) => {
    expect(mistakesFrom({ ...relay, PUBLIC_URL: url })).toHaveLength(1)
  })

  test('allowed origins are sites without a path', () => {
    const origins = (text: string) => configFrom({ ALLOWED_ORIGINS: text }).http.allowedOrigins
    expect(origins('https://a.example, https://B.example:443/')).toEqual([
      'https://a.example',
      'https://b.example',
    ])
    expect(mistakesFrom({ ALLOWED_ORIGINS: 'https://a.example/form' })).toHaveLength(1)
    expect(mistakesFrom({ ALLOWED_ORIGINS: '*,https://a.example' })).toHaveLength(1)
    expect(mistakesFrom({ ALLOWED_ORIGINS: 'null' })).toHaveLength(1)
    expect(mistakesFrom({ ALLOWED_ORIGINS: 'https://*.example' })).toHaveLength(1)
  })
})
