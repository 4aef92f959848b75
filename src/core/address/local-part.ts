import { nameOf } from './domain-name.ts'

export type LocalFault = {
  reason: 'missing-local' | 'bad-character' | 'bad-dot' | 'local-too-long'
  detail: string
}

/** RFC 5321 4.5.3.1.1, in octets of UTF-8. */
const MAX_LOCAL = 64

const PLAIN_ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const ATOM_CHARACTER = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]$/
const QUOTED = /^"(?:[^"\\]|\\[\x20-\x7e])*"$/u

/** Characters that Unicode NFC turns into an ASCII one (the Kelvin sign into K): neither the same nor another
 *  address could rightly be read from them, so they are asked about. */
const NFC_TO_ASCII = /[\u212a\u037e\u1fef]/

/** Separators, surrogates without a partner, private use, unassigned: no mailbox has them in its name. */
const NO_LETTER = /[\p{Z}\p{Cs}\p{Co}\p{Cn}\p{Cf}]/u

/**
 * What is wrong with a local part, or null. Taken: a dot-atom (RFC 5321 4.1.2), with UTF-8 letters (RFC 6531),
 * and quoted strings, which are legal if rare; not `<` or `>` in them, which relays take for injection.
 */
export function faultOfLocalPart(local: string): LocalFault | null {
  if (local === '' || local === '""') {
    return { reason: 'missing-local', detail: 'Nothing stands before the @.' }
  }
  if (local.length > MAX_LOCAL || (local.length * 3 > MAX_LOCAL && octets(local) > MAX_LOCAL)) {
    return { reason: 'local-too-long', detail: `The part before the @ is longer than ${MAX_LOCAL} octets.` }
  }
  if (PLAIN_ATOM.test(local)) return null
  return local.startsWith('"') && local.endsWith('"') && QUOTED.test(local)
    ? faultOfCharacters(local, /^[^<>]$/u)
    : (faultOfCharacters(local, ATOM_CHARACTER) ?? faultOfDots(local))
}

function faultOfCharacters(local: string, asciiAllowed: RegExp): LocalFault | null {
  let position = 0
  for (const character of local) {
    position += 1
    const allowed =
      character < '\u0080'
        ? asciiAllowed.test(character)
        : !NO_LETTER.test(character) && !NFC_TO_ASCII.test(character)
    if (!allowed) {
      return {
        reason: 'bad-character',
        detail: `${nameOf(character)} at position ${position} cannot stand before the @.`,
      }
    }
  }
  return null
}

function faultOfDots(local: string): LocalFault | null {
  if (!/^\.|\.\.|\.$/.test(local)) return null
  const detail = 'A dot before the @ stands first, last or beside another dot.'
  return { reason: 'bad-dot', detail }
}

export function octets(text: string): number {
  return new TextEncoder().encode(text).length
}
