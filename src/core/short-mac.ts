// HMAC-SHA-256 (RFC 2104, FIPS 180-4), cut to 16 bytes, of short messages under one key, many times over: an export
// makes one for every row and a signup three, and each call into node:crypto costs more than the rounds themselves.

const roundConstants = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
])
const initialState = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
])
const blockBytes = 64
/** The last 8 bytes of the last block are the length of all, in bits; of a short message 4 are. */
const lengthAt = 56
const macBytes = 16
const words = new Int32Array(64)

/**
 * Leads `from` over the block in `words` to `to`. Typed arrays of fixed length: no index is ever out of them. Each sum is
 * cut to 32 bits at once, so that V8 never leaves integers for it.
 */
function compress(from: Int32Array, to: Int32Array): void {
  const w = words
  const k = roundConstants
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15] ?? 0
    const y = w[t - 2] ?? 0
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    w[t] = (((s0 + s1) | 0) + (((w[t - 7] ?? 0) + (w[t - 16] ?? 0)) | 0)) | 0
  }
  let a = from[0] ?? 0
  let b = from[1] ?? 0
  let c = from[2] ?? 0
  let d = from[3] ?? 0
  let e = from[4] ?? 0
  let f = from[5] ?? 0
  let g = from[6] ?? 0
  let h = from[7] ?? 0
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const kw = ((k[t] ?? 0) + (w[t] ?? 0)) | 0
    const t1 = (((((h + s1) | 0) + (g ^ (e & (f ^ g)))) | 0) + kw) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  to[0] = a + (from[0] ?? 0)
  to[1] = b + (from[1] ?? 0)
  to[2] = c + (from[2] ?? 0)
  to[3] = d + (from[3] ?? 0)
  to[4] = e + (from[4] ?? 0)
  to[5] = f + (from[5] ?? 0)
  to[6] = g + (from[6] ?? 0)
  to[7] = h + (from[7] ?? 0)
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  )
}

function readBlock(bytes: Uint8Array, from: number): void {
  for (let n = 0; n < 16; n++) words[n] = wordAt(bytes, from + n * 4)
}

/** What is left of a message after its whole blocks, the bit that ends it, and zeros. */
function readEnd(bytes: Uint8Array, from: number): void {
  const length = bytes.length - from
  words.fill(0, 0, 16)
  const whole = length >> 2
  for (let n = 0; n < whole; n++) words[n] = wordAt(bytes, from + n * 4)
  let last = 0x80 << (24 - (length & 3) * 8)
  for (let n = whole * 4; n < length; n++) last |= (bytes[from + n] ?? 0) << (24 - (n & 3) * 8)
  words[whole] = last
}

/** The state after the block of the key, which is the same for every message. */
function keyed(key: Uint8Array, pad: number): Int32Array {
  const block = new Uint8Array(blockBytes).fill(pad)
  for (const [n, byte] of key.entries()) block[n] = byte ^ pad
  readBlock(block, 0)
  const state = new Int32Array(8)
  compress(initialState, state)
  return state
}

/** Writes the first 16 bytes of the MAC of `message` into `out` at `at`. */
export type ShortMac = (message: Uint8Array, out: Uint8Array, at: number) => void

/** `key`: at most 64 bytes. */
export function openShortMac(key: Uint8Array): ShortMac {
  if (key.length > blockBytes) throw new Error('openShortMac: the key is longer than a block')
  const inner = keyed(key, 0x36)
  const outer = keyed(key, 0x5c)
  const state = new Int32Array(8)
  return function shortMac(message, out, at) {
    let from = 0
    let before = inner
    for (; message.length - from >= blockBytes; from += blockBytes) {
      readBlock(message, from)
      compress(before, state)
      before = state
    }
    readEnd(message, from)
    if (message.length - from >= lengthAt) {
      compress(before, state)
      before = state
      words.fill(0, 0, 16)
    }
    words[15] = (blockBytes + message.length) * 8
    compress(before, state)
    words.set(state)
    words.fill(0, 8, 16)
    words[8] = 0x80000000 | 0
    words[15] = (blockBytes + 32) * 8
    compress(outer, state)
    for (let n = 0; n < macBytes; n++) out[at + n] = (state[n >> 2] ?? 0) >>> (24 - (n & 3) * 8)
  }
}

const opened = new WeakMap<Uint8Array, ShortMac>()

/** The first 16 bytes of the MAC. What is made of a key is kept with it: always give the same object. */
export function shortMac(key: Uint8Array, message: Uint8Array): Buffer {
  let mac = opened.get(key)
  if (mac === undefined) {
    mac = openShortMac(key)
    opened.set(key, mac)
  }
  const out = Buffer.alloc(macBytes)
  mac(message, out, 0)
  return out
}
