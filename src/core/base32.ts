// RFC 4648 base32 in lower case, without padding. It survives mail servers that change the case of a local part.
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

export type Base32Token = string

export function writeBase32(bytes: Buffer): Base32Token {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet.charAt((held >>> bits) & 31)
    }
  }
  return bits > 0 ? text + alphabet.charAt((held << (5 - bits)) & 31) : text
}

/** Null for a character outside the alphabet and for anything that `writeBase32` does not write. */
export function readBase32(text: string): Buffer | null {
  const bytes = Buffer.alloc(Math.floor((text.length * 5) / 8))
  let held = 0
  let bits = 0
  let at = 0
  for (const character of text) {
    const value = alphabet.indexOf(character)
    if (value < 0) return null
    held = ((held << 5) | value) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (held >>> bits) & 0xff
    }
  }
  const isWhole = bits < 5 && (held & ((1 << bits) - 1)) === 0
  return isWhole ? bytes : null
}
