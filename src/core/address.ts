import { plainReading } from './address/plain-reading.ts'
import { type Address, type InvalidReason, readPlain } from './address/read-plain.ts'
import { withoutSurroundings } from './address/surroundings.ts'

export type { Address, InvalidReason }

export type AddressReading =
  | { kind: 'address'; address: Address }
  | {
      kind: 'invalid'
      reason: InvalidReason
      /** One sentence for the visitor: what is wrong, and where. */
      detail: string
      suggestion: { email: string; domain: string; reason: 'format' } | null
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
  return reading.kind === 'address' ? reading : { ...reading, suggestion: plainReading(text) }
}
