import { describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'

const relay = {
  SMTP_URL: 'smtp://relay.example',
  MAIL_FROM: 'News <news@example.com>',
  BOUNCE_ADDRESS: 'bounces@example.com',
  PUBLIC_URL: 'https://lists.example.com',
}

function read(env: Record<string, string>) {
  return readConfig(env, () => '')
}

function mailFrom(env: Record<string, string>) {
  const reading = read(env)
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join('\n'))
  return reading.config.mail
}

function mistakesFrom(env: Record<string, string>): string[] {
  const reading = read(env)
  return reading.kind === 'mistakes' ? reading.mistakes : []
}

function warningsFrom(env: Record<string, string>): string[] {
  const reading = read(env)
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join('\n'))
  return reading.warnings
}

describe('the relay', () => {
  test.each([
    'smtp://relay.example',
    'smtp://relay.example:2525/',
    'smtps://user:p%40ss@relay.example:465',
    'smtp://[::1]:25',
    'smtp://127.0.0.1:2525',
  ])('%s is one, and there is no dev mailbox then', (url) => {
    expect(mailFrom({ ...relay, SMTP_URL: url })).toMatchObject({ smtpUrl: url, devMailbox: 'off' })
  })

  test.each([
    'relay.example:25',
    'http://relay.example',
    'smtp://',
    'smtp://host:0',
    'smtp://host:99999',
    'smtp://user:a%zz@host',
    'smtp://:password@host',
    'smtp://user:pa/ss@host',
    'smtp://host?pool=true',
    'smtp://host/path',
  ])('%s is none', (url) => {
    expect(mistakesFrom({ ...relay, SMTP_URL: url })).toEqual([expect.stringMatching(/^SMTP_URL /)])
  })

  test('requires somebody whom letters are from', () => {
    const { MAIL_FROM: _, ...rest } = relay
    expect(mistakesFrom(rest)).toEqual([expect.stringMatching(/^MAIL_FROM is not set/)])
  })

  test('a wrong one is not also reported as missing', () => {
    expect(mistakesFrom({ ...relay, SMTP_URL: 'relay' })).toHaveLength(1)
  })

  test('introduces us by the host of the public address', () => {
    const nameAt = (url: string) => mailFrom({ ...relay, PUBLIC_URL: url }).smtpName
    expect(nameAt('https://lists.example.com:8443/x')).toBe('lists.example.com')
    expect(nameAt('http://192.0.2.1')).toBe('[192.0.2.1]')
    expect(nameAt('http://[2001:db8::1]')).toBe('[IPv6:2001:db8::1]')
    expect(mailFrom({ ...relay, SMTP_NAME: 'mx.example.com' }).smtpName).toBe('mx.example.com')
    expect(mistakesFrom({ ...relay, SMTP_NAME: 'mx example' })).toHaveLength(1)
  })
})

describe('the dev mailbox', () => {
  test('is a mistake where real visitors come', () => {
    expect(mistakesFrom({ PUBLIC_URL: 'https://a.example' })).toEqual([
      expect.stringMatching(/^SMTP_URL is not set/),
    ])
    expect(mistakesFrom({ PUBLIC_URL: 'https://a.example', DEV_MAILBOX: 'exposed' })).toHaveLength(1)
  })

  test.each(['0.0.0.0', '::', '192.168.1.5', 'box.example', '::ffff:192.168.1.5'])(
    'is a mistake when HOST is %s, unless exposed',
    (host) => {
      expect(mistakesFrom({ HOST: host })).toEqual([expect.stringContaining('DEV_MAILBOX=exposed')])
      expect(mailFrom({ HOST: host, DEV_MAILBOX: 'exposed' }).devMailbox).toBe('exposed')
    },
  )

  test.each(['127.0.0.1', '127.8.9.1', '::1', '[::1]', 'localhost', '::ffff:127.0.0.1'])(
    'is there when HOST is %s',
    (host) => {
      expect(mailFrom({ HOST: host }).devMailbox).toBe('local')
    },
  )
})

describe('who letters are from', () => {
  test.each([
    ['news@example.com', '', 'news@example.com'],
    ['News <news@Example.com>', 'News', 'news@example.com'],
    ['"Ayes, \\"Inc.\\"" <a.b@example.com>', 'Ayes, "Inc."', 'a.b@example.com'],
    ['Bücherfreunde <post@bücher.example>', 'Bücherfreunde', 'post@xn--bcher-kva.example'],
    ['<a@localhost>', '', 'a@localhost'],
  ])('%s', (text, name, address) => {
    expect(mailFrom({ MAIL_FROM: text }).from).toEqual({ name, address })
  })

  test.each([
    'Example News',
    'a@',
    '@b',
    'a@b <c>',
    'a@b@c',
    'a b@c',
    'x\r\nBcc: a@b.c <a@b.c>',
    'ü@b.c',
    'a..b@c',
  ])('%j is nobody', (text) => {
    expect(mistakesFrom({ MAIL_FROM: text })).toEqual([expect.stringMatching(/^MAIL_FROM is /)])
  })
})

describe('where bounces come back to', () => {
  test('an address that takes a plus, or a whole domain', () => {
    expect(mailFrom({ BOUNCE_ADDRESS: 'bounces@Example.com' }).bounceAddress).toEqual({
      kind: 'plus',
      local: 'bounces',
      domain: 'example.com',
    })
    expect(mailFrom({ BOUNCE_ADDRESS: '*@bounce.example.com' }).bounceAddress).toEqual({
      kind: 'wildcard',
      domain: 'bounce.example.com',
    })
  })

  test('leaves room for the token', () => {
    expect(mistakesFrom({ BOUNCE_ADDRESS: `${'b'.repeat(21)}@example.com` })).toEqual([])
    expect(mistakesFrom({ BOUNCE_ADDRESS: `${'b'.repeat(22)}@example.com` })).toEqual([
      expect.stringContaining('at most 21 characters'),
    ])
  })

  test.each(['example.com', '*', '@example.com', 'b*@example.com', 'Bounces <b@example.com>'])(
    '%s is none',
    (text) => {
      expect(mistakesFrom({ BOUNCE_ADDRESS: text })).toHaveLength(1)
    },
  )

  test('none at all is a warning as soon as letters go out', () => {
    const { BOUNCE_ADDRESS: _, ...rest } = relay
    expect(warningsFrom(relay)).toEqual([])
    expect(warningsFrom(rest)).toEqual([expect.stringMatching(/^BOUNCE_ADDRESS is not set/)])
    expect(warningsFrom({ ...rest, BOUNCE_TOKEN: 'b'.repeat(24) })).toEqual([])
  })
})

describe('other warnings', () => {
  test('links that open on this machine only', () => {
    const { PUBLIC_URL: _, ...rest } = relay
    expect(warningsFrom(rest)).toEqual([expect.stringMatching(/^PUBLIC_URL is http:\/\/localhost:3000/)])
    expect(warningsFrom({ ...rest, PORT: '0' })).toEqual([expect.stringMatching(/^PUBLIC_URL is not set/)])
  })

  test('a dev mailbox that is not there', () => {
    expect(warningsFrom({ ...relay, DEV_MAILBOX: 'exposed' })).toEqual([
      expect.stringMatching(/^DEV_MAILBOX has no/),
    ])
  })
})
