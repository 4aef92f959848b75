// The work that a challenge asks for, in ALTCHA's shape: a number is found by trying. The browser computes beside the
// page, a few tries at a time, so that nothing on it stands still.

/**
 * @typedef {{ parameters: { nonce: string, salt: string, cost: number, keyLength: number, keyPrefix: string }, signature: string }} Challenge
 * @typedef {{ salt: Uint8Array<ArrayBuffer>, cost: number, keyLength: number }} How
 */

const atOnce = 16

/** @param {string} hex */
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))

/** @param {Uint8Array<ArrayBuffer>} password @param {How} how */
const derive = async (password, { salt, cost, keyLength }) =>
  crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: cost },
    await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']),
    keyLength * 8,
  )

/**
 * The proof, which counts from a second after its challenge on. Null: this browser cannot.
 * @param {Challenge} challenge
 * @param {typeof derive} [deriveKey]
 */
export async function solve(challenge, deriveKey = derive) {
  const { nonce, salt, keyPrefix, ...how } = challenge.parameters
  // A second of the service's clock, and a little of ours.
  const soonEnough = new Promise((resolve) => setTimeout(resolve, 1_050))
  /** @param {number} counter */
  const keyFor = async (counter) => {
    const password = bytesOf(nonce + counter.toString(16).padStart(8, '0'))
    const key = await deriveKey(password, { ...how, salt: bytesOf(salt) })
    return Array.from(new Uint8Array(key), (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
  try {
    for (let first = 0; first < 1e5; first += atOnce) {
      const keys = await Promise.all(Array.from({ length: atOnce }, (_, n) => keyFor(first + n)))
      const found = keys.findIndex((key) => key.startsWith(keyPrefix))
      if (found < 0) continue
      await soonEnough
      const solution = { counter: first + found, derivedKey: keys[found] }
      return btoa(JSON.stringify({ challenge, solution }))
    }
    // Without crypto.subtle: the page came by plain http.
  } catch {}
  return null
}
