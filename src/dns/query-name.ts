import { domainToASCII } from 'node:url'

// RFC 1035, section 2.3.4: 255 octets with a length before each label and one at the end.
const longestName = 253
// Not only host names: _dmarc, and what an alias leads to (RFC 2317). A dot or backslash in a label has no plain form.
const label = /^[\x21-\x2d\x2f-\x5b\x5d-\x7e]{1,63}$/

/** The name as it is asked for: ASCII (UTS 46), lower case, no dot at its end; null for what no name can be. */
export function readQueryName(text: string): string | null {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text
  if (bare.length > 1_000) return null
  const ascii = /^[\x21-\x7e]+$/.test(bare) ? bare : domainToASCII(bare)
  const name = sameCase(ascii)
  return name.length <= longestName && name.split('.').every((part) => label.test(part)) ? name : null
}

/** Names compare without regard to the case of ASCII letters (RFC 4343). */
export function sameCase(name: string): string {
  return name.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
}
