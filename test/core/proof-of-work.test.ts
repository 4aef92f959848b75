// A proof is good for a challenge of ours, from a second to ten minutes after it was made, and for nothing else.
import { createHmac, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { openKeyRing } from '../../src/core/keys.ts'
import { type Challenge, checkProof, makeChallenge } from '../../src/core/proof-of-work.ts'
import { longestProof, readProofPayload } from '../../src/core/proof-payload.ts'
import { encodeProof, solutionOf } from '../support/proofs.ts'

const secret = 'a secret key that is long enough to be one'
const ring = openKeyRing(secret)
// Fixed beforehand, so that one work does for all; whole seconds, as the end of a challenge is.
const madeAt = new Date(Math.floor(Date.now() / 1000) * 1000)
const later = (ms: number) => new Date(madeAt.getTime() + ms)

let challenge: Challenge
let solution: { counter: number; derivedKey: string }
let proof: string

beforeAll(async () => {
  challenge = await makeChallenge(ring.current, madeAt)
  solution = await solutionOf(challenge)
  proof = encodeProof({ challenge, solution })
})

const kindOf = async (text: string, at = later(2_000), keys = ring) => (await checkProof(keys, text, at)).kind

describe('a challenge', () => {
  test('is of a few thousand tries, and no two are alike', async () => {
    expect(solution.counter).toBeGreaterThanOrEqual(2_000)
    expect(solution.counter).toBeLessThan(5_000)
    const other = await makeChallenge(ring.current, madeAt)
    expect(other.parameters.nonce).not.toBe(challenge.parameters.nonce)
    expect(other.signature).not.toBe(challenge.signature)
  })

  test('holds no secret', () => {
    const text = JSON.stringify(challenge)
    for (const key of Object.values(ring.current.for)) expect(text).not.toContain(key.toString('hex'))
  })
})

describe('a proof', () => {
  test('counts from a second to ten minutes after its challenge was made', async () => {
    const early = await checkProof(ring, proof, later(400))
    expect(early).toEqual({ kind: 'too-early', challenge, waitMs: 600 })
    expect(await kindOf(proof, later(999))).toBe('too-early')
    expect(await kindOf(proof, later(1_000))).toBe('proven')
    expect(await kindOf(proof, later(599_999))).toBe('proven')
    expect(await kindOf(proof, later(600_000))).toBe('expired')
  })

  test('names its challenge and how long it is good for', async () => {
    expect(await checkProof(ring, proof, later(2_000))).toEqual({
      kind: 'proven',
      nonce: Buffer.from(challenge.parameters.nonce, 'hex'),
      expiresAt: later(600_000),
    })
  })

  test('is taken under an old key, and not by another installation', async () => {
    expect(
      await kindOf(proof, later(2_000), openKeyRing('another secret key, long enough too', [secret])),
    ).toBe('proven')
    expect(await kindOf(proof, later(2_000), openKeyRing('another secret key, long enough too'))).toBe(
      'invalid',
    )
  })

  test('without the work is none', async () => {
    const { keyPrefix } = challenge.parameters
    const wrong = [
      { counter: solution.counter, derivedKey: '00'.repeat(32) },
      { counter: solution.counter, derivedKey: keyPrefix },
      { counter: solution.counter, derivedKey: keyPrefix + '00'.repeat(16) },
      { counter: solution.counter, derivedKey: '' },
      { counter: solution.counter, derivedKey: 'zz' },
      { counter: -1, derivedKey: solution.derivedKey },
      { counter: solution.counter + 1, derivedKey: solution.derivedKey },
    ]
    for (const one of wrong) expect(await kindOf(encodeProof({ challenge, solution: one }))).toBe('invalid')
  })

  test('of a challenge that was changed in any place is none', async () => {
    const { parameters, signature } = challenge
    const { data } = parameters
    const changed = [
      { cost: 1 },
      { keyLength: 16 },
      { keyPrefix: '00' },
      { keySignature: '00'.repeat(32) },
      { nonce: '00'.repeat(16) },
      { nonce: parameters.nonce.toUpperCase() },
      { salt: '00'.repeat(16) },
      { algorithm: 'SHA-256' },
      { expiresAt: parameters.expiresAt + 1 },
      { data: { ...data, at: data.at - 1_000 } },
      { data: { ...data, key: '000000000000' } },
      { more: 1 },
    ]
    for (const change of changed) {
      const given = { parameters: { ...parameters, ...change }, signature }
      // Unless nothing of it changed: a nonce may have no letters.
      if (JSON.stringify(given) === JSON.stringify(challenge)) continue
      expect(await kindOf(encodeProof({ challenge: given, solution })), JSON.stringify(change)).toBe(
        'invalid',
      )
    }
    expect(await kindOf(encodeProof({ challenge: { parameters, signature: '' }, solution }))).toBe('invalid')
  })

  test('of a challenge that was signed with the key of another purpose is none', async () => {
    const { parameters } = challenge
    const text = JSON.stringify({ ...parameters, data: { at: parameters.data.at, key: parameters.data.key } })
    for (const purpose of ['handle', 'shown', 'confirm']) {
      const key = Buffer.from(hkdfSync('sha256', secret, 'ayes', `ayes/1/${purpose}`, 32)).toString('hex')
      const signature = createHmac('sha256', key).update(text).digest('hex')
      expect(await kindOf(encodeProof({ challenge: { parameters, signature }, solution }))).toBe('invalid')
    }
    const own = ring.current.for.challenge.toString('hex')
    const genuine = createHmac('sha256', own).update(text).digest('hex')
    expect(genuine).toBe(challenge.signature)
  })
})

describe('the payload reader', () => {
  test('takes what a solver sends', () => {
    expect(readProofPayload(proof)).toEqual({ challenge, solution })
    expect(proof.length).toBeLessThan(longestProof / 2)
  })

  test('makes nothing of any other bytes, and never throws', async () => {
    const pieces = fc.oneof(
      fc.string(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
      fc.json().map((text) => Buffer.from(text).toString('base64')),
      fc.nat(proof.length - 1).map((at) => proof.slice(0, at)),
      fc.string().map((text) => proof + text),
      fc
        .tuple(fc.nat(proof.length - 1), fc.constantFrom(...'AZaz09+/=-_ \0'))
        .map(([at, sign]) => proof.slice(0, at) + sign + proof.slice(at + 1)),
    )
    await fc.assert(
      fc.asyncProperty(pieces, async (text) => {
        const { kind } = await checkProof(ring, text, later(2_000))
        if (text !== proof) expect(['invalid', 'expired', 'proven']).toContain(kind)
        if (kind === 'proven') expect(readProofPayload(text)?.challenge).toEqual(challenge)
      }),
      { numRuns: 300 },
    )
  })

  test('takes no list for a record, no text for a number, and nothing of any length', () => {
    const payload = { challenge, solution }
    for (const wrong of [
      null,
      1,
      'x',
      [],
      {},
      { ...payload, challenge: [] },
      { ...payload, challenge: { ...challenge, parameters: null } },
      { ...payload, challenge: { ...challenge, signature: 1 } },
      { ...payload, challenge: { ...challenge, parameters: { ...challenge.parameters, cost: '200' } } },
      { ...payload, challenge: { ...challenge, parameters: { ...challenge.parameters, data: null } } },
      { ...payload, solution: { ...solution, counter: '1' } },
      { ...payload, solution: { ...solution, counter: 1.5 } },
      { ...payload, solution: null },
      { ...payload, more: 'x'.repeat(longestProof) },
    ]) {
      expect(readProofPayload(encodeProof(wrong)), JSON.stringify(wrong).slice(0, 80)).toBeNull()
    }
  })
})
