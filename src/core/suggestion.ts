import type { Address } from './address/read-plain.ts'
import { type SuggestionOptions, suggestDomain } from './suggestion/suggest-domain.ts'

export { type SuggestionOptions, suggestDomain }

export type SuggestionReason = 'typo' | 'domain-takes-no-mail' | 'format'

export type Suggestion = { email: string; domain: string; reason: SuggestionReason }

/**
 * What the visitor probably meant, if the domain looks mistyped. Only the domain is ever changed; the local
 * part stays to the letter.
 */
export function suggest(address: Address, options: SuggestionOptions = {}): Suggestion | null {
  const domain = suggestDomain(address.domain, options)
  return domain === null ? null : { email: `${address.local}@${domain}`, domain, reason: 'typo' }
}
