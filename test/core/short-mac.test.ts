import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openLinkWriter } from '../../src/core/export/link-writer.ts'
import { openKeyRing } from '../../src/core/keys.ts'
import { openShortMac, shortMac } from '../../src/core/short-mac.ts'
import { bytesToUuid, makeLinkToken, readLinkToken } from '../../src/core/tokens.ts'

const ids = fc.uint8Array({ minLength: 16, maxLength: 16 })

test('the MAC is the one of node:crypto, for any key and any id', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), ids, (key, id) => {
      const out = new Uint8Array(20).fill(7)
      openShortMac(key)(id, out, 3)
      const wanted = createHmac('sha256', key).update(id).digest().subarray(0, 16)
      expect(Buffer.from(out.subarray(3, 19))).toEqual(wanted)
      expect([out[0], out[1], out[2], out[19]]).toEqual([7, 7, 7, 7])
    }),
    { numRuns: 500 },
  )
})

test('of a message of any length, on either side of a block and of its last eight bytes', () => {
  const key = new Uint8Array(32).fill(3)
  for (let length = 0; length <= 260; length++) {
    const message = Buffer.from(Array.from({ length }, (_, n) => (n * 37 + length) & 255))
    const wanted = createHmac('sha256', key).update(message).digest().subarray(0, 16)
    expect(shortMac(key, message), `${length} bytes`).toEqual(wanted)
  }
})

test('a key longer than a block is refused', () => {
  expect(() => openShortMac(new Uint8Array(65))).toThrow('longer than a block')
})

test('two keys in turn do not disturb each other', () => {
  const [one, two] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const [macOne, macTwo] = [openShortMac(one), openShortMac(two)]
  const id = new Uint8Array(16).fill(9)
  for (const [mac, key] of [
    [macOne, one],
    [macTwo, two],
    [macOne, one],
  ] as const) {
    const out = Buffer.alloc(16)
    mac(id, out, 0)
    expect(out).toEqual(createHmac('sha256', key).update(id).digest().subarray(0, 16))
  }
})

test('links in an export are the ones that letters carry', () => {
  const ring = openKeyRing('secret-key-for-tests-only-which-is-long-enough')
  const write = openLinkWriter(ring.current, 'unsubscribe')
  fc.assert(
    fc.property(ids, (id) => {
      const out = Buffer.alloc(45, '.')
      write(id, out, 1)
      const token = out.toString('latin1', 1, 44)
      expect(token).toBe(makeLinkToken(ring.current, 'unsubscribe', bytesToUuid(Buffer.from(id))))
      expect(readLinkToken(ring, 'unsubscribe', token)).not.toBeNull()
      expect([out[0], out[44]]).toEqual([46, 46])
    }),
    { numRuns: 300 },
  )
})
