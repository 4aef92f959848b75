import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readBase32, writeBase32 } from '../../src/core/base32.ts'

const anyBytes = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes))

describe('base32', () => {
  // RFC 4648, section 10, in lower case and without padding
  test.each([
    ['', ''],
    ['f', 'my'],
    ['fo', 'mzxq'],
    ['foo', 'mzxw6'],
    ['foob', 'mzxw6yq'],
    ['fooba', 'mzxw6ytb'],
    ['foobar', 'mzxw6ytboi'],
  ])('writes %j as %j', (text, written) => {
    expect(writeBase32(Buffer.from(text))).toBe(written)
    expect(readBase32(written)?.toString()).toBe(text)
  })

  test('reads what it writes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(readBase32(writeBase32(bytes))).toEqual(bytes)
      }),
    )
  })

  test('two texts never read as the same bytes', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'), maxLength: 30 })
    fc.assert(
      fc.property(text, (given) => {
        const bytes = readBase32(given)
        if (bytes !== null) expect(writeBase32(bytes)).toBe(given)
      }),
      { numRuns: 500 },
    )
  })

  test.each(['a', 'aaa', 'aaaaaa', 'mzx', 'mz', 'MY', 'm y', 'my=', 'm0', 'm1', 'm8', 'mé'])(
    'does not read %j',
    (text) => {
      expect(readBase32(text)).toBeNull()
    },
  )
})
