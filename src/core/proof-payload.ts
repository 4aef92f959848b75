// What a visitor's program sends as its proof: base64 of JSON, in ALTCHA's shape. Read from any bytes, and nothing in
// it is believed before its signature is checked.

/** ALTCHA's parameters as we set them. */
export type ChallengeParameters = {
  algorithm: string
  cost: number
  /** seconds since 1970 */
  expiresAt: number
  keyLength: number
  keyPrefix: string
  nonce: string
  salt: string
  /** `key`: which SECRET_KEY signed it; `at`: when it was made, in milliseconds since 1970 */
  data: { key: string; at: number }
}

export type Challenge = { parameters: ChallengeParameters; signature: string }

export type ProofPayload = {
  challenge: Challenge
  solution: { counter: number; derivedKey: string }
}

/** Ours have some 800 characters. */
export const longestProof = 2_000

/** Null for whatever is no proof. Never throws. */
export function readProofPayload(text: string): ProofPayload | null {
  if (text.length > longestProof || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null
  try {
    const payload: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'))
    return isPayload(payload) ? payload : null
  } catch {
    return null
  }
}

function isPayload(value: unknown): value is ProofPayload {
  if (!isRecord(value)) return false
  const { challenge, solution } = value
  return (
    isRecord(challenge) &&
    areTexts([challenge.signature]) &&
    isParameters(challenge.parameters) &&
    isRecord(solution) &&
    areTexts([solution.derivedKey]) &&
    areNumbers([solution.counter])
  )
}

function isParameters(value: unknown): value is ChallengeParameters {
  if (!isRecord(value) || !isRecord(value.data)) return false
  const { algorithm, keyPrefix, nonce, salt, cost, expiresAt, keyLength, data } = value
  return (
    areTexts([algorithm, keyPrefix, nonce, salt, data.key]) &&
    areNumbers([cost, expiresAt, keyLength, data.at])
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const areTexts = (values: readonly unknown[]) => values.every((value) => typeof value === 'string')
const areNumbers = (values: readonly unknown[]) => values.every((value) => Number.isSafeInteger(value))
