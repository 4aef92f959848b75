import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openKeyRing } from '../../src/core/keys.ts'
import { makeReturnToken } from '../../src/core/tokens.ts'
import { isReturnPath } from '../../src/flows/is-return-path.ts'
import type { ReturnPath, Rules } from '../../src/flows/service.ts'
import { envelopeSender } from '../../src/flows/write-letter.ts'

const key = 'a key that is long enough for this test'
const older = 'the key before it, also long enough'
const ring = openKeyRing(key, [older])
const plus: ReturnPath = { kind: 'plus', local: 'Bounces', domain: 'xn--exmple-cua.com' }
const wildcard: ReturnPath = { kind: 'wildcard', domain: 'bounce.example.com' }

function isOurs(returnPath: ReturnPath | null, recipient: string): boolean {
  return isReturnPath({ ring, rules: { returnPath } as Rules }, recipient)
}

describe.each([plus, wildcard])('$kind', (returnPath) => {
  const written = () => envelopeSender(returnPath, makeReturnToken(ring.current, randomUUID())) ?? ''

  test('what a letter leaves with is ours, in any case', () => {
    const address = written()
    expect(
      [address, address.toUpperCase(), address.toLowerCase()].map((one) => isOurs(returnPath, one)),
    ).toEqual([true, true, true])
  })

  test('a token made with an old key counts, one made with a stranger’s does not', () => {
    const madeWith = (secret: string) =>
      envelopeSender(returnPath, makeReturnToken(openKeyRing(secret).current, randomUUID())) ?? ''
    expect(isOurs(returnPath, madeWith(older))).toBe(true)
    expect(isOurs(returnPath, madeWith('a key of somebody else, just as long'))).toBe(false)
  })

  test('no change of one character leaves it ours, its case aside', () => {
    const address = written()
    fc.assert(
      fc.property(fc.nat(address.length - 1), fc.string({ minLength: 0, maxLength: 2 }), (at, put) => {
        const changed = address.slice(0, at) + put + address.slice(at + 1)
        expect(isOurs(returnPath, changed)).toBe(changed.toLowerCase() === address.toLowerCase())
      }),
    )
  })

  test('nothing else is ours, whatever it is', () => {
    fc.assert(fc.property(fc.string(), (address) => !isOurs(returnPath, address)))
    for (const address of ['', '@', `@${returnPath.domain}`, `postmaster@${returnPath.domain}`]) {
      expect(isOurs(returnPath, address), address).toBe(false)
    }
  })
})

test('a domain counts in its international spelling too', () => {
  const address = envelopeSender(plus, makeReturnToken(ring.current, randomUUID())) ?? ''
  expect(isOurs(plus, address.replace('xn--exmple-cua.com', 'exämple.com'))).toBe(true)
})

test('without a return path nothing is ours', () => {
  const token = makeReturnToken(ring.current, randomUUID())
  expect([`${token}@example.com`, `bounces+${token}@example.com`].map((one) => isOurs(null, one))).toEqual([
    false,
    false,
  ])
})
