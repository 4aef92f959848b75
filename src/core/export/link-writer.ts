// Link tokens as bytes straight into an export: the same tokens that core/tokens.ts makes, without a string for each.
import type { Key } from '../keys.ts'
import { openShortMac } from '../short-mac.ts'
import type { LinkPurpose } from '../tokens.ts'

const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', 'latin1')
const idBytes = 16
export const linkTokenLength = 43

/** Writes the token of the row whose UUID is `id` (16 bytes) into `out` at `at`: 43 bytes of ASCII. */
export type LinkWriter = (id: Uint8Array, out: Uint8Array, at: number) => void

export function openLinkWriter(key: Key, purpose: LinkPurpose): LinkWriter {
  const mac = openShortMac(key.for[purpose])
  const bytes = new Uint8Array(33)
  return function writeLink(id, out, at) {
    bytes.set(id)
    mac(id, bytes, idBytes)
    let to = at
    // 32 bytes are ten groups of three and two more, whose last character carries four bits of nothing.
    for (let from = 0; from < 33; from += 3) {
      const group = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0)
      out[to++] = alphabet[group >> 18] ?? 0
      out[to++] = alphabet[(group >> 12) & 63] ?? 0
      out[to++] = alphabet[(group >> 6) & 63] ?? 0
      if (to < at + linkTokenLength) out[to++] = alphabet[group & 63] ?? 0
    }
  }
}
