import { asciiLowerCase, nameOf, readDomainName } from './domain-name.ts'
import { faultOfLocalPart, octets } from './local-part.ts'
import { mailboxOf } from './mailbox.ts'

export type Address = {
  /** As shown and written to: the local part as typed (in NFC), the domain in ASCII and lower case. */
  email: string
  local: string
  domain: string
  /** The same for two spellings of the same address: NFC, ASCII letters in lower case, nothing else. */
  key: string
  /** The same for all addresses that are counted as one mailbox. For limits only. */
  mailbox: string
}

/** The closed set of reasons why no address can be read. */
export const INVALID_REASONS = [
  'empty',
  'missing-at',
  'extra-at',
  'two-addresses',
  'missing-local',
  'missing-domain',
  'bad-character',
  'control-character',
  'bad-dot',
  'bad-domain',
  'single-label',
  'address-literal',
  'text-after-domain',
  'local-too-long',
  'too-long',
] as const

export type InvalidReason = (typeof INVALID_REASONS)[number]

export type PlainReading =
  | { kind: 'address'; address: Address }
  | { kind: 'invalid'; reason: InvalidReason; detail: string }

/** RFC 5321 4.5.3.1.3 (a path of 256 with its brackets), in octets of UTF-8. */
const MAX_ADDRESS = 254

/** Reads what is written to the letter, without repairing anything. Linear in time, never throws. */
export function readPlain(text: string): PlainReading {
  if (text === '') return invalid('empty', 'No address was given.')
  const fault = faultOfTheWhole(text)
  if (fault !== null) return fault
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at).normalize('NFC')
  // Before NFC, which would hide the Kelvin sign.
  const localFault = faultOfLocalPart(text.slice(0, at)) ?? faultOfLocalPart(local)
  if (localFault !== null) return { kind: 'invalid', ...localFault }
  const domain = readDomainName(text.slice(at + 1))
  if (domain.kind === 'invalid') return domain
  const email = `${local}@${domain.ascii}`
  if (email.length > MAX_ADDRESS || (email.length > MAX_ADDRESS / 3 && octets(email) > MAX_ADDRESS)) {
    return invalid('too-long', `The address is longer than ${MAX_ADDRESS} octets.`)
  }
  const key = `${asciiLowerCase(local)}@${domain.ascii}`
  const mailbox = mailboxOf(local, domain.ascii)
  return { kind: 'address', address: { email, local, domain: domain.ascii, key, mailbox } }
}

const CONTROL = /\p{Cc}/u
const TOKEN = /[^\s,;<>]+/g

function faultOfTheWhole(text: string): PlainReading | null {
  const control = text.search(CONTROL)
  if (control !== -1) {
    const detail = `${nameOf(text.charAt(control))} at position ${control + 1} is a control character.`
    return invalid('control-character', detail)
  }
  const first = text.indexOf('@')
  if (first === -1) return invalid('missing-at', 'The @ is missing.')
  if (first === text.lastIndexOf('@') || text.startsWith('"')) return null
  const addresses = text.match(TOKEN)?.filter((token) => /.@./.test(token)).length ?? 0
  if (addresses > 1) return invalid('two-addresses', 'There is more than one address; one at a time, please.')
  return invalid('extra-at', 'There is more than one @.')
}

function invalid(
  reason: InvalidReason,
  detail: string,
): { kind: 'invalid'; reason: InvalidReason; detail: string } {
  return { kind: 'invalid', reason, detail }
}
