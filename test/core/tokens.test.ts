import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type KeyRing, openKeyRing } from '../../src/core/keys.ts'
import {
  bytesToUuid,
  findReturnToken,
  type LinkPurpose,
  makeLinkToken,
  makeReturnToken,
  readLinkToken,
  readReturnToken,
  returnTokenLength,
  uuidToBytes,
} from '../../src/core/tokens.ts'

const ring = openKeyRing('the secret key of this installation')
const otherInstallation = openKeyRing('the secret key of another installation')
const purposes: readonly LinkPurpose[] = ['confirm', 'not-me', 'unsubscribe']
const anyPurpose = fc.constantFrom(...purposes)

const base64url = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']

function link(keys: KeyRing, purpose: LinkPurpose, id: string): string {
  return makeLinkToken(keys.current, purpose, id)
}

function withCharacter(text: string, at: number, character: string): string {
  return text.slice(0, at) + character + text.slice(at + 1)
}

describe('link tokens', () => {
  test('name their row and the key that they were made with', () => {
    fc.assert(
      fc.property(fc.uuid(), anyPurpose, (id, purpose) => {
        const token = link(ring, purpose, id)
        expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
        expect(readLinkToken(ring, purpose, token)).toEqual({ id, keyId: ring.current.id })
      }),
    )
  })

  test('are the same each time: nothing random is in them', () => {
    const id = randomUUID()
    expect(link(ring, 'confirm', id)).toBe(
      link(openKeyRing('the secret key of this installation'), 'confirm', id),
    )
  })

  test('of another purpose are refused', () => {
    fc.assert(
      fc.property(fc.uuid(), anyPurpose, anyPurpose, (id, made, read) => {
        fc.pre(made !== read)
        expect(readLinkToken(ring, read, link(ring, made, id))).toBeNull()
      }),
    )
  })

  test('of another installation are refused', () => {
    fc.assert(
      fc.property(fc.uuid(), anyPurpose, (id, purpose) => {
        expect(readLinkToken(ring, purpose, link(otherInstallation, purpose, id))).toBeNull()
      }),
    )
  })

  test('are refused with any one character changed, and no other spelling of the same bytes is taken', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        anyPurpose,
        fc.nat(42),
        fc.constantFrom(...base64url, '+', '/', '=', ' ', '.', 'é', '\0'),
        (id, purpose, at, character) => {
          const token = link(ring, purpose, id)
          fc.pre(token[at] !== character)
          expect(readLinkToken(ring, purpose, withCharacter(token, at, character))).toBeNull()
        },
      ),
      { numRuns: 500 },
    )
  })

  test('have one spelling: the four last characters that decode to the same bytes are not four tokens', () => {
    const token = link(ring, 'confirm', randomUUID())
    const same = base64url
      .map((character) => withCharacter(token, 42, character))
      .filter((text) => Buffer.from(text, 'base64url').equals(Buffer.from(token, 'base64url')))
    expect(same).toHaveLength(4)
    expect(same.filter((text) => readLinkToken(ring, 'confirm', text) !== null)).toEqual([token])
  })

  test('cut short or with something after, before or between are refused', () => {
    const token = link(ring, 'confirm', randomUUID())
    for (let length = 0; length < token.length; length++) {
      expect(readLinkToken(ring, 'confirm', token.slice(0, length))).toBeNull()
    }
    for (const text of [
      `${token}A`,
      `${token}=`,
      `${token} `,
      ` ${token}`,
      `${token}\n`,
      `A${token}`,
      `${token}${token}`,
    ]) {
      expect(readLinkToken(ring, 'confirm', text)).toBeNull()
    }
    const padded = Buffer.from(token, 'base64url').toString('base64')
    if (padded !== token) expect(readLinkToken(ring, 'confirm', padded)).toBeNull()
  })

  test('that are any text at all are refused without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), anyPurpose, (text, purpose) => {
        expect(readLinkToken(ring, purpose, text)).toBeNull()
      }),
    )
  })

  test('made with an old key are still accepted and say so, and die when the key is dropped', () => {
    const old = openKeyRing('a key of last year that was replaced')
    const rotated = openKeyRing('the secret key of this installation', [
      'a key of last year that was replaced',
    ])
    const id = randomUUID()
    const token = link(old, 'confirm', id)
    expect(readLinkToken(rotated, 'confirm', token)).toEqual({ id, keyId: old.current.id })
    expect(readLinkToken(ring, 'confirm', token)).toBeNull()
    expect(rotated.current.id).toBe(ring.current.id)
  })
})

describe('return tokens', () => {
  test('fit into a local part beside the name of the mailbox, and are lower case', () => {
    const token = makeReturnToken(ring.current, randomUUID())
    expect(token).toMatch(/^[a-z2-7]{42}$/)
    expect(returnTokenLength).toBe(42)
    expect(`a-long-name-of-box+${token}`.length).toBeLessThanOrEqual(64)
  })

  test('are accepted in any case', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.array(fc.boolean(), { minLength: 42, maxLength: 42 }), (id, capitals) => {
        const token = makeReturnToken(ring.current, id)
        const mixed = [...token].map((letter, at) => (capitals[at] ? letter.toUpperCase() : letter)).join('')
        expect(readReturnToken(ring, mixed)).toEqual({ id, keyId: ring.current.id })
        expect(findReturnToken(ring, [`bounces+${mixed}@example.com`])?.id).toBe(id)
      }),
    )
  })

  test('are refused with any one character changed', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.nat(41),
        fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567', '0', '1', '8', '9', '=', ' ', '\u212a'),
        (id, at, character) => {
          const token = makeReturnToken(ring.current, id)
          fc.pre(token[at] !== character)
          expect(readReturnToken(ring, withCharacter(token, at, character))).toBeNull()
        },
      ),
      { numRuns: 500 },
    )
  })

  test('do not take the Kelvin sign for a k', () => {
    const token = Array.from({ length: 200 }, () => makeReturnToken(ring.current, randomUUID())).find((one) =>
      one.includes('k'),
    )
    expect(readReturnToken(ring, (token ?? '').replace('k', '\u212a'))).toBeNull()
  })

  test('of another installation, and link tokens, are refused', () => {
    const id = randomUUID()
    expect(readReturnToken(ring, makeReturnToken(otherInstallation.current, id))).toBeNull()
    expect(readReturnToken(ring, link(ring, 'confirm', id).slice(0, 42))).toBeNull()
    expect(readReturnToken(ring, '')).toBeNull()
  })

  test('made with an old key are still accepted', () => {
    const rotated = openKeyRing('a new one', ['the secret key of this installation'])
    const id = randomUUID()
    const token = makeReturnToken(ring.current, id)
    expect(readReturnToken(rotated, token)).toEqual({ id, keyId: ring.current.id })
  })
})

describe('finding a return token', () => {
  const id = randomUUID()
  const token = makeReturnToken(ring.current, id)
  const places: readonly [what: string, text: string][] = [
    ['alone', token],
    ['after a plus sign', `bounces+${token}@example.com`],
    ['as a whole local part', `<${token}@bounce.example.com>`],
    ['in a Message-ID', `<${token}@example.com>`],
    [
      'in an address that a forwarder rewrote (SRS)',
      `SRS0=HHH=TT=example.com=bounces+${token}@forward.example`,
    ],
    ['in an address with a tag (BATV)', `prvs=0123456789=${token}@bounce.example.com`],
    ['among other words', `Re: letter ${token}, as you see`],
  ]
  test.each(places)('%s', (_, text) => {
    expect(findReturnToken(ring, [text])?.id).toBe(id)
  })

  test('the first that is genuine counts, whatever looks like one before it', () => {
    const other = makeReturnToken(ring.current, randomUUID())
    const forged = withCharacter(token, 41, token.endsWith('a') ? 'b' : 'a')
    expect(findReturnToken(ring, [forged, `${forged} ${token}`, other])?.id).toBe(id)
  })

  test('not inside a longer word, and not after two thousand characters', () => {
    expect(findReturnToken(ring, [`a${token}`, `${token}b`])).toBeNull()
    expect(findReturnToken(ring, [`${' '.repeat(2_000)}${token}`])).toBeNull()
    expect(findReturnToken(ring, [])).toBeNull()
  })

  test('a megabyte that is nearly a token is none', () => {
    const nearly = 'a'.repeat(1_000_000)
    expect(
      findReturnToken(ring, [nearly, `${nearly}@example.com`, `${'a'.repeat(41)}.`.repeat(20_000)]),
    ).toBeNull()
  })
})

test('UUIDs and their bytes go both ways', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      expect(bytesToUuid(uuidToBytes(id))).toBe(id)
    }),
  )
})
