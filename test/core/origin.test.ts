import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayPost, readOrigin } from '../../src/core/origin.ts'

describe('an origin', () => {
  test.each([
    ['https://www.example.com', 'https://www.example.com'],
    ['https://www.example.com/', 'https://www.example.com'],
    ['HTTPS://WWW.Example.COM:443', 'https://www.example.com'],
    ['https://example.com:8443', 'https://example.com:8443'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1', 'http://127.0.0.1'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['http://intranet', 'http://intranet'],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
  ])('%s is read', (text, origin) => {
    expect(readOrigin(text)).toBe(origin)
  })

  test.each([
    '',
    'null',
    '*',
    'www.example.com',
    'https:www.example.com',
    'https:\\\\www.example.com',
    'https://',
    'https://www.example.com/form',
    'https://www.example.com?a',
    'https://www.example.com#a',
    'https://user@www.example.com',
    'https://user:word@www.example.com',
    'https://*.example.com',
    "https://a;script-src'unsafe-inline'.example",
    'https://a,b.example',
    'https://a b.example',
    'https://a.example\nhttps://b.example',
    'https://a.example:99999',
    'ftp://a.example',
    'file:///etc',
    'data:text/html,x',
    'javascript:alert(1)',
  ])('%j is none', (text) => {
    expect(readOrigin(text)).toBeNull()
  })

  test('that was read reads as itself, and holds nothing that ends a rule of a content policy', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((host) => `https://${host}`),
      fc.webAuthority({ withPort: true }).map((host) => `http://${host}`),
    )
    fc.assert(
      fc.property(text, (given) => {
        const origin = readOrigin(given)
        if (origin === null) return
        expect(readOrigin(origin)).toBe(origin)
        expect(new URL(origin).origin).toBe(origin)
        expect(origin).toMatch(/^https?:\/\/[a-z0-9._:[\]-]+$/)
      }),
    )
  })
})

test('sites are held to what the list names; our own pages and programs are not', () => {
  const site = 'https://www.example.com'
  expect(mayPost(null, 'https://any.example')).toBe(true)
  expect(mayPost(null, 'null')).toBe(true)
  expect([mayPost([site], site), mayPost([site], null), mayPost([], null)]).toEqual([true, true, true])
  expect([mayPost([site], 'https://any.example'), mayPost([site], 'null'), mayPost([], site)]).toEqual([
    false,
    false,
    false,
  ])
})
