import { describe, expect, test } from 'vitest'
import { readConfig, secretsIn } from '../src/config.ts'

function read(url: string, others: Record<string, string> = {}) {
  return readConfig({ BOUNCE_IMAP_URL: url, ...others }, () => '')
}

function configFrom(url: string) {
  const reading = read(url)
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join('\n'))
  return reading.config
}

describe('the mailbox for bounces', () => {
  test('is read over TLS from the first byte, at port 993, from INBOX', () => {
    expect(configFrom('imaps://bounces:secret@Mail.Example.com').imap).toEqual({
      host: 'mail.example.com',
      port: 993,
      secure: true,
      isLocal: false,
      user: 'bounces',
      password: 'secret',
      folder: ['INBOX'],
    })
  })

  test.each([
    ['imap://u:p@mail.example.com', { port: 143, secure: false, isLocal: false }],
    ['imap://u:p@mail.example.com:993', { port: 993, secure: true }],
    ['imaps://u:p@mail.example.com:1993/', { port: 1993, secure: true, folder: ['INBOX'] }],
    ['imap://u:p@127.0.0.1', { host: '127.0.0.1', isLocal: true }],
    ['imap://u:p@[::1]:1143', { host: '::1', port: 1143, isLocal: true }],
    ['imap://u:p@localhost', { isLocal: true }],
    ['imaps://u:p@bücher.example', { host: 'xn--bcher-kva.example' }],
    ['imaps://a%40example.com:p%40s%2Fs%3Aw%25%23@h', { user: 'a@example.com', password: 'p@s/s:w%#' }],
    ['imaps://u:p@h/INBOX/Bounces', { folder: ['INBOX', 'Bounces'] }],
    ['imaps://u:p@h/INBOX.Bounces', { folder: ['INBOX.Bounces'] }],
    ['imaps://u:p@h/Zur%C3%BCck%20gekommen/a%2Fb/', { folder: ['Zurück gekommen', 'a/b'] }],
  ])('%s', (url, expected) => {
    expect(configFrom(url).imap).toMatchObject(expected)
  })

  test.each([
    'https://u:topsecret@h/INBOX',
    'u:topsecret@h',
    'imaps://',
    'imaps://h/INBOX',
    'imaps://u@h/INBOX',
    'imaps://:topsecret@h/INBOX',
    'imaps://u:topsecret@h:0',
    'imaps://u:topsecret@h:99999',
    'imaps://u:topsecret%zz@h',
    'imaps://u:topsecret@h/%ff',
    'imaps://u:top#secret@h',
    'imaps://u:topsecret@h/INBOX?x=y',
    'imaps://u:topsecret@h/a//b',
    'imaps://u:top%0Asecret@h',
    'imaps://u:topsecret@h/INBOX%00',
    'imaps://u:topsecret@h_!/INBOX',
    'imaps://u:topsecret@h/Ayes/handled',
    'imaps://u:topsecret@h/Ayes.unmatched',
  ])('%s is none, and is not repeated', (url) => {
    const reading = read(url)
    if (reading.kind !== 'mistakes') throw new Error('it was taken')
    expect(reading.mistakes).toEqual([expect.stringMatching(/^BOUNCE_IMAP_URL .*: write imaps:\/\//)])
    expect(reading.mistakes.join()).not.toContain('secret')
  })

  test('its password is hidden from the log', () => {
    expect(secretsIn(configFrom('imaps://u:p%40ssword@h'))).toContain('p@ssword')
  })

  test('is a door for bounces, best with an address of its own', () => {
    const relay = {
      SMTP_URL: 'smtp://relay.example',
      MAIL_FROM: 'News <news@example.com>',
      PUBLIC_URL: 'https://lists.example.com',
    }
    const warnings = (others: Record<string, string>) => {
      const reading = read('imaps://u:p@h', others)
      return reading.kind === 'config' ? reading.warnings : reading.mistakes
    }
    expect(warnings({ ...relay, BOUNCE_ADDRESS: 'bounces@example.com' })).toEqual([])
    expect(warnings(relay)).toEqual([
      expect.stringMatching(/^BOUNCE_IMAP_URL is set, but BOUNCE_ADDRESS is not/),
    ])
    expect(warnings({})).toEqual([])
  })
})
