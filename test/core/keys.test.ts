import { describe, expect, test } from 'vitest'
import { hashAddress } from '../../src/core/hash-address.ts'
import { keyById, openKeyRing } from '../../src/core/keys.ts'

const one = 'the first secret key, long enough'
const two = 'the second secret key, long enough'

describe('the key ring', () => {
  test('derives one key for each purpose, and no two are alike', () => {
    const keys = Object.values(openKeyRing(one).current.for).map((key) => key.toString('hex'))
    expect(keys).toHaveLength(7)
    expect(new Set(keys).size).toBe(7)
    expect(keys.every((key) => key.length === 64)).toBe(true)
  })

  test('gives the same keys for the same secret, and others for another', () => {
    expect(openKeyRing(one)).toEqual(openKeyRing(one))
    expect(openKeyRing(one).current.id).not.toBe(openKeyRing(two).current.id)
    expect(openKeyRing(one).current.for.confirm.equals(openKeyRing(two).current.for.confirm)).toBe(false)
  })

  test('names a key without telling anything about it', () => {
    const { id, for: keys } = openKeyRing(one).current
    expect(id).toMatch(/^[0-9a-f]{12}$/)
    expect(Object.values(keys).some((key) => key.toString('hex').includes(id))).toBe(false)
    expect(Buffer.from(one).toString('hex')).not.toContain(id)
  })

  test('keeps the current key first, and an old one that is the current one once', () => {
    const ring = openKeyRing(two, [one, two])
    expect(ring.all.map((key) => key.id)).toEqual([ring.current.id, openKeyRing(one).current.id])
    expect(ring.current.id).toBe(openKeyRing(two).current.id)
  })

  test('finds a key by its name, and none for a name that is not ours', () => {
    const ring = openKeyRing(two, [one])
    expect(keyById(ring, openKeyRing(one).current.id)?.id).toBe(openKeyRing(one).current.id)
    expect(keyById(ring, '000000000000')).toBeNull()
  })
})

describe('hashes of addresses', () => {
  const key = Buffer.alloc(32, 7)

  test('are sixteen bytes, the same each time, and others under another key', () => {
    const hash = hashAddress(key, 'address', 'ann@example.com')
    expect(hash).toHaveLength(16)
    expect(hash).toEqual(hashAddress(key, 'address', 'ann@example.com'))
    expect(hash).not.toEqual(hashAddress(Buffer.alloc(32, 8), 'address', 'ann@example.com'))
  })

  test('keep an address and a mailbox of the same spelling apart', () => {
    const address = hashAddress(key, 'address', 'ann@example.com')
    expect(address).not.toEqual(hashAddress(key, 'mailbox', 'ann@example.com'))
  })
})
