// PBKDF2 with SHA-256 (RFC 8018, FIPS 180-4) for pages that came by plain http, where browsers keep crypto.subtle to
// themselves. Some times slower, so it gives way between two tries.

const primes = Array.from({ length: 310 }, (_, n) => n + 2).filter((n) => {
  for (let of = 2; of * of <= n; of++) if (n % of === 0) return false
  return true
})
/** The first 32 bits behind the point. @param {number} root */
const fraction = (root) => ((root % 1) * 2 ** 32) | 0
const constants = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)))
const beginning = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))
const schedule = new Int32Array(64)

/** @param {Int32Array} state of eight words @param {Int32Array} block of sixteen @returns {Int32Array} */
function compress(state, block) {
  const w = schedule
  w.set(block)
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15] ?? 0
    const y = w[t - 2] ?? 0
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    w[t] = (w[t - 16] ?? 0) + s0 + (w[t - 7] ?? 0) + s1
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const one = (h + s1 + ((e & f) ^ (~e & g)) + (constants[t] ?? 0) + (w[t] ?? 0)) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  return Int32Array.of(a, b, c, d, e, f, g, h).map((word, n) => word + (state[n] ?? 0))
}

/** The last block of a message: at most 55 bytes of it, and the length of all. @param {Int32Array} block @param {{ bytes: number, all: number }} length */
function closed(block, { bytes, all }) {
  block[bytes >> 2] = (block[bytes >> 2] ?? 0) | (0x80 << (24 - 8 * (bytes % 4)))
  block[15] = all * 8
  return block
}

/** @param {Uint8Array} bytes */
function wordsOf(bytes) {
  const words = new Int32Array(16)
  for (const [n, byte] of bytes.entries()) words[n >> 2] = (words[n >> 2] ?? 0) | (byte << (24 - 8 * (n % 4)))
  return words
}

/**
 * For passwords and salts of less than a block, and keys of at most 32 bytes.
 * @param {Uint8Array} password
 * @param {{ salt: Uint8Array, cost: number, keyLength: number }} how
 */
export async function deriveByHand(password, { salt, cost, keyLength }) {
  await new Promise((resolve) => setTimeout(resolve))
  const key = wordsOf(password)
  const inner = compress(
    beginning,
    key.map((word) => word ^ 0x36363636),
  )
  const outer = compress(
    beginning,
    key.map((word) => word ^ 0x5c5c5c5c),
  )
  const block = new Int32Array(16)
  /** @param {Int32Array} given @param {number} bytes */
  const mac = (given, bytes) => {
    block.fill(0)
    block.set(compress(inner, closed(given, { bytes, all: 64 + bytes })))
    return compress(outer, closed(block, { bytes: 32, all: 96 }))
  }
  let round = mac(wordsOf(Uint8Array.of(...salt, 0, 0, 0, 1)), salt.length + 4)
  const sum = round.slice()
  const given = new Int32Array(16)
  for (let n = 1; n < cost; n++) {
    given.fill(0)
    given.set(round)
    round = mac(given, 32)
    for (let word = 0; word < 8; word++) sum[word] = (sum[word] ?? 0) ^ (round[word] ?? 0)
  }
  const bytes = new DataView(new ArrayBuffer(32))
  for (const [n, word] of sum.entries()) bytes.setInt32(4 * n, word)
  return bytes.buffer.slice(0, keyLength)
}
