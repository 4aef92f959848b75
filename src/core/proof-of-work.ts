// Proof of work: a challenge that costs a program some tenths of a second of computing, and us next to nothing. The
// shape is ALTCHA's (version 2), so that its widget and its libraries can solve what we ask.
import { createHmac, pbkdf2Sync, randomInt } from 'node:crypto'
import { createChallenge, verifySolution } from 'altcha-lib'
import type { DeriveKeyFunction } from 'altcha-lib/types'
import { type Key, type KeyRing, keyById } from './keys.ts'
import { type Challenge, type ProofPayload, readProofPayload } from './proof-payload.ts'

export type { Challenge } from './proof-payload.ts'

/** How long a challenge is good for. */
export const challengeLifeMs = 10 * 60_000
/** A proof counts from so long after its challenge was made, however fast it was found. */
export const minimumMs = 1_000

/** PBKDF2 with few rounds many times: browsers do it beside the page, and a fast program gains little over them. */
const algorithm = 'PBKDF2/SHA-256'
const rounds = 200
/** The number to be found by trying lies between these, so that nobody waits for long by bad luck. */
const leastTries = 2_000
const mostTries = 5_000

export type CheckedProof =
  /** `nonce` names the challenge: it is good once, until `expiresAt`. */
  | { readonly kind: 'proven'; readonly nonce: Buffer; readonly expiresAt: Date }
  | { readonly kind: 'too-early'; readonly challenge: Challenge; readonly waitMs: number }
  | { readonly kind: 'expired' }
  | { readonly kind: 'invalid' }

// The library's own would go through other threads, which takes longer than two hundred rounds do.
const deriveKey: DeriveKeyFunction = async ({ cost, keyLength }, salt, password) => ({
  derivedKey: pbkdf2Sync(password, salt, cost, keyLength, 'sha256'),
})

export async function makeChallenge(key: Key, now: Date): Promise<Challenge> {
  const at = now.getTime()
  const expiresAt = Math.floor((at + challengeLifeMs) / 1000)
  const data = { at, key: key.id }
  const counter = randomInt(leastTries, mostTries)
  const made = await createChallenge({ algorithm, cost: rounds, counter, deriveKey, expiresAt, data })
  const parameters = { ...made.parameters, expiresAt, data }
  // As the library would write it, which imports the key anew each time: everybody may ask for a challenge.
  const signature = createHmac('sha256', secretOf(key)).update(JSON.stringify(parameters)).digest('hex')
  return { parameters, signature }
}

/** Whether the text proves that the work was done for a challenge of ours. That it was not used before is not known here. */
export async function checkProof(ring: KeyRing, text: string, now: Date): Promise<CheckedProof> {
  const payload = readProofPayload(text)
  if (payload === null) return { kind: 'invalid' }
  const { challenge } = payload
  const { nonce, expiresAt, data } = challenge.parameters
  const key = keyById(ring, data.key)
  if (key === null) return { kind: 'invalid' }
  // The library goes by the machine's own clock, besides.
  const { verified, expired } = await verify(key, payload)
  if (expired) return { kind: 'expired' }
  if (!verified) return { kind: 'invalid' }
  if (expiresAt * 1000 <= now.getTime()) return { kind: 'expired' }
  const waitMs = data.at + minimumMs - now.getTime()
  if (waitMs > 0) return { kind: 'too-early', challenge, waitMs }
  return { kind: 'proven', nonce: Buffer.from(nonce, 'hex'), expiresAt: new Date(expiresAt * 1000) }
}

async function verify(key: Key, payload: ProofPayload): Promise<{ verified: boolean; expired: boolean }> {
  try {
    return await verifySolution({ ...payload, deriveKey, hmacSignatureSecret: secretOf(key) })
  } catch {
    // The library throws at parameters that it cannot work with.
    return { verified: false, expired: false }
  }
}

function secretOf(key: Key): string {
  return key.for.challenge.toString('hex')
}
