import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readQueryName } from '../src/dns/query-name.ts'
import { readServer } from '../src/dns/servers.ts'
import { openResolver } from '../src/dns.ts'

test('a name is read whatever its letters, and the result reads as itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const name = readQueryName(text)
      if (name !== null) expect(readQueryName(name)).toBe(name)
    }),
  )
  expect(['_dmarc.Example.com.', '0/25.2.0.192.in-addr.arpa'].map(readQueryName)).toEqual([
    '_dmarc.example.com',
    '0/25.2.0.192.in-addr.arpa',
  ])
})

test('servers are addresses, with or without a port', () => {
  expect(['127.0.0.1', '127.0.0.1:5353', '::1', '[::1]:5353', '[::1]'].map(readServer)).toEqual([
    { host: '127.0.0.1', port: 53 },
    { host: '127.0.0.1', port: 5353 },
    { host: '::1', port: 53 },
    { host: '::1', port: 5353 },
    { host: '::1', port: 53 },
  ])
  const wrong = [
    'localhost',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '[127.0.0.1]:53',
    '127.0.0.1:',
    '',
    '1.2.3:53',
  ]
  expect(wrong.map(readServer)).toEqual(wrong.map(() => null))
  expect(() => openResolver({ servers: ['localhost'], timeoutMs: 1 })).toThrow('"localhost"')
})
