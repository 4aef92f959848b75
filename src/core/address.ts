import { textGluedTo } from './address/glued.ts'
import { lookalikeTarget } from './address/lookalike.ts'
import { type FormatSuggestion, plainReading } from './address/plain-reading.ts'
import { type Address, type InvalidReason, readPlain } from './address/read-plain.ts'
import { withoutSurroundings } from './address/surroundings.ts'
import { TARGET_DOMAINS } from './suggestion/target-list.ts'

export type { Address, InvalidReason }

export type AddressReading =
  | {
      kind: 'address'
      address: Address
      /** What looks meant by an address that could be right as it is: asked, and as typed it is taken. */
      question: FormatSuggestion | null
    }
  | {
      kind: 'invalid'
      reason: InvalidReason
      /** One sentence for the visitor: what is wrong, and where. */
      detail: string
      suggestion: FormatSuggestion | null
    }

/** More than any address with its surroundings; what is longer is not looked at. */
const LONGEST_INPUT = 1000

/**
 * Reads an address as a visitor typed or pasted it (contract, section 4): what surrounds it goes silently, what
 * cannot be an address is refused with its one plain reading, if there is one, as a question. Never throws.
 */
export function readAddress(input: string): AddressReading {
  const text = withoutSurroundings(input)
  if (text.length > LONGEST_INPUT) {
    return {
      kind: 'invalid',
      reason: 'too-long',
      detail: 'This is too long for an address.',
      suggestion: null,
    }
  }
  const reading = readPlain(text)
  if (reading.kind === 'invalid') return { ...reading, suggestion: plainReading(text) }
  const { address } = reading
  const glued = textGluedTo(address.domain)
  if (glued === null) return { ...reading, question: questionAbout(address, text) }
  const detail = `After “${glued.domain}” stands “${glued.text}”, which belongs to no domain.`
  return { kind: 'invalid', reason: 'text-after-domain', detail, suggestion: null }
}

const WWW = /^www\.(?=.)/i

/** Letters of another script in the domain, and a `www.` before a mailbox of a large provider. */
function questionAbout(address: Address, text: string): FormatSuggestion | null {
  const domain = lookalikeTarget(text.slice(text.lastIndexOf('@') + 1))
  // what IDNA itself maps to the target is the target already
  if (domain !== null && domain !== address.domain) {
    return { email: `${address.local}@${domain}`, domain, reason: 'format' }
  }
  if (!WWW.test(address.local) || !TARGET_DOMAINS.has(address.domain)) return null
  const email = `${address.local.replace(WWW, '')}@${address.domain}`
  return { email, domain: address.domain, reason: 'format' }
}
