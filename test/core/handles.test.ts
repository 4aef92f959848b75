import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Handle, openHandle, sealHandle } from '../../src/core/handles.ts'
import { openKeyRing } from '../../src/core/keys.ts'

const ring = openKeyRing('the secret key of this installation')
const issuedAt = new Date('2026-03-01T12:00:00.123Z')
const soon = new Date(issuedAt.getTime() + 1_000)
const day = 24 * 60 * 60 * 1_000

const handles: readonly Handle[] = [
  { kind: 'letter', letterId: randomUUID(), listId: 1, issuedAt },
  { kind: 'quiet', sentAfter: 417, listId: 1, issuedAt },
  { kind: 'quiet', sentAfter: 417, domain: Buffer.alloc(12, 7), listId: 1, issuedAt },
  { kind: 'suppressed', addressHash: randomBytes(16), listId: 1, issuedAt },
  { kind: 'quiet', sentAfter: 417, listId: 1, issuedAt, language: 'zz' },
]

const anyHandle: fc.Arbitrary<Handle> = fc
  .record({
    listId: fc.integer({ min: 0, max: 0x7fffffff }),
    issuedAt: fc.constant(issuedAt),
    language: fc.stringMatching(/^[a-z]{2}$/),
    subject: fc.oneof(
      fc.uuid().map((letterId) => ({ kind: 'letter', letterId }) as const),
      fc.nat(0xffffffff).map((sentAfter) => ({ kind: 'quiet', sentAfter }) as const),
      fc
        .uint8Array({ minLength: 16, maxLength: 16 })
        .map((bytes) => ({ kind: 'suppressed', addressHash: Buffer.from(bytes) }) as const),
    ),
  })
  .map(({ subject, language, ...about }) => ({
    ...subject,
    ...about,
    ...(language === 'aa' ? {} : { language }),
  }))

describe('a handle', () => {
  test('opens as what was sealed', () => {
    fc.assert(
      fc.property(anyHandle, (handle) => {
        expect(openHandle(ring, sealHandle(ring, handle), soon)).toEqual(handle)
      }),
    )
  })

  test('is new each time, of one length and one alphabet whatever it stands for', () => {
    const sealed = handles.flatMap((handle) => Array.from({ length: 20 }, () => sealHandle(ring, handle)))
    expect(new Set(sealed).size).toBe(sealed.length)
    expect(new Set(sealed.map((text) => text.length))).toEqual(new Set([74]))
    expect(sealed.every((text) => /^[A-Za-z0-9_-]+$/.test(text))).toBe(true)
  })

  test('shows nothing of what is in it', () => {
    const letterId = randomUUID()
    const text = sealHandle(ring, { kind: 'letter', letterId, listId: 1, issuedAt })
    const bytes = Buffer.from(text, 'base64url')
    expect(bytes.includes(Buffer.from(letterId.replaceAll('-', ''), 'hex'))).toBe(false)
    // two of the same subject have no more bytes in common than two random texts
    const again = Buffer.from(
      sealHandle(ring, { kind: 'letter', letterId, listId: 1, issuedAt }),
      'base64url',
    )
    expect(bytes.filter((byte, at) => byte === again[at]).length).toBeLessThan(10)
  })

  test('lives 24 hours and not a moment longer', () => {
    for (const handle of handles) {
      const text = sealHandle(ring, handle)
      expect(openHandle(ring, text, new Date(issuedAt.getTime() + day))).toEqual(handle)
      expect(openHandle(ring, text, new Date(issuedAt.getTime() + day + 1))).toBeNull()
    }
  })

  test('is refused with any character changed, cut short, or with something after it', () => {
    const text = sealHandle(ring, { kind: 'quiet', sentAfter: 1, listId: 1, issuedAt })
    fc.assert(
      fc.property(fc.nat(73), fc.constantFrom(...'AZaz09-_+/= '), (at, character) => {
        fc.pre(text[at] !== character)
        expect(openHandle(ring, text.slice(0, at) + character + text.slice(at + 1), soon)).toBeNull()
      }),
      { numRuns: 300 },
    )
    for (let length = 0; length < text.length; length++) {
      expect(openHandle(ring, text.slice(0, length), soon)).toBeNull()
    }
    expect(openHandle(ring, `${text}A`, soon)).toBeNull()
    expect(openHandle(ring, `${text}${'A'.repeat(100_000)}`, soon)).toBeNull()
  })

  test('of another installation, or any other text, is refused without an error', () => {
    const other = openKeyRing('the secret key of another installation')
    for (const handle of handles) expect(openHandle(ring, sealHandle(other, handle), soon)).toBeNull()
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        expect(openHandle(ring, text, soon)).toBeNull()
      }),
    )
  })

  test('made before the key was changed is still opened', () => {
    const rotated = openKeyRing('a newer key', ['the secret key of this installation'])
    for (const handle of handles) expect(openHandle(rotated, sealHandle(ring, handle), soon)).toEqual(handle)
  })
})
