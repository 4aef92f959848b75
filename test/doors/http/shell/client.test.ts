import { describe, expect, test } from 'vitest'
import {
  clientAddress,
  clientKeys,
  isDirectLoopback,
  isLocalCaller,
  userAgentOf,
} from '../../../../src/doors/http/shell/client.ts'
import type { HttpContext } from '../../../../src/doors/http/shell/http-env.ts'
import { from, openShell } from './open-shell.ts'

async function seen<T>(
  read: (c: HttpContext) => T,
  socket: string | null,
  headers: Record<string, string> = {},
) {
  const { app } = openShell()
  let result: T | undefined
  app.get('/', (c) => {
    result = read(c)
    return c.body(null, 204)
  })
  await app.request('/', { headers }, socket === null ? undefined : from(socket))
  return result
}

describe('the address of a client', () => {
  const address = (proxies: number, forwarded?: string) =>
    seen(
      (c) => clientAddress(c, proxies),
      '10.0.0.1',
      forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded },
    )

  test('is the socket, whatever a header says, without trusted proxies', async () => {
    expect(await address(0, '203.0.113.9')).toBe('10.0.0.1')
  })

  test.each([
    [1, '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    [2, '198.51.100.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    [1, '203.0.113.9:4711', '203.0.113.9'],
    [1, '[2001:db8::1]:4711', '2001:db8::1'],
    [1, '::ffff:203.0.113.9', '203.0.113.9'],
  ])('with %i proxies out of "%s" is %s', async (proxies, header, expected) => {
    expect(await address(proxies, header)).toBe(expected)
  })

  test.each([
    [3, '198.51.100.1, 203.0.113.9'],
    [1, 'unknown'],
    [1, '203.0.113.9, '],
    [1, undefined],
    [1, '0x7f.1'],
  ])('with %i proxies out of "%s" stays the socket', async (proxies, header) => {
    expect(await address(proxies, header)).toBe('10.0.0.1')
  })

  test('mapped into IPv6 is IPv4; without a socket there is none', async () => {
    expect(await seen((c) => clientAddress(c, 0), '::ffff:192.0.2.1')).toBe('192.0.2.1')
    expect(await seen((c) => clientAddress(c, 1), null)).toBe(null)
  })
})

test.each([
  ['192.0.2.1', ['4:192.0.2.1']],
  ['::ffff:192.0.2.1', ['4:192.0.2.1']],
  ['2001:db8:1:2:3:4:5:6', ['6:2001:db8:1:2::/64', '6:2001:db8:1::/48']],
  ['2001:0db8:0001:0002::', ['6:2001:db8:1:2::/64', '6:2001:db8:1::/48']],
  ['fe80::1%eth0', ['6:fe80:0:0:0::/64', '6:fe80:0:0::/48']],
  ['nonsense', ['unknown']],
  ['', ['unknown']],
  [null, ['unknown']],
])('%s is counted as %j', (address, keys) => {
  expect(clientKeys(address)).toEqual(keys)
})

describe('a caller on this machine', () => {
  test('is direct when it comes from loopback and through no proxy', async () => {
    expect(await seen(isDirectLoopback, '127.0.0.1')).toBe(true)
    expect(await seen(isDirectLoopback, '::1')).toBe(true)
    expect(await seen(isDirectLoopback, '::ffff:127.8.0.1')).toBe(true)
    expect(await seen(isDirectLoopback, '192.0.2.1')).toBe(false)
    expect(await seen(isDirectLoopback, null)).toBe(false)
    expect(await seen(isDirectLoopback, '127.0.0.1', { 'X-Forwarded-For': '203.0.113.9' })).toBe(false)
  })

  test.each([
    ['localhost:3000', true],
    ['127.0.0.1', true],
    ['[::1]:3000', true],
    ['ayes.localhost', true],
    ['rebound.example', false],
    ['localhost.example.com', false],
    ['127.0.0.1.nip.io', false],
  ])('that asked for %s is local: %s', async (Host, local) => {
    expect(await seen(isLocalCaller, '127.0.0.1', { Host })).toBe(local)
  })
})

test('a user agent is cut at 300 characters and has no control characters', async () => {
  expect(await seen(userAgentOf, null, { 'User-Agent': `a\tb${'x'.repeat(400)}` })).toBe(
    `ab${'x'.repeat(297)}`,
  )
  expect(await seen(userAgentOf, null)).toBe(null)
})
