// What a visitor probably meant, if the domain looks mistyped.
//
// `suggest` and `suggestDomain` know what comes with Ayes. An installation makes its own from what it knows besides:
//   const { suggest, suggestDomain } = makeSuggester({ extraTargets: ['acme.com'], isProvenReal: (d) => proven.has(d) })
// One takes below a millisecond and 100 KB; keep it for as long as the targets are the same. `isProvenReal` is asked
// anew each time, with a domain in lower case ASCII and with the registrable domain above it, and must be quick.
import type { Address } from './address/read-plain.ts'
import { type KnowledgeOptions, makeKnowledge } from './suggestion/knowledge.ts'
import { nearestTarget as nearestTargetBy } from './suggestion/nearest-target.ts'
import {
  type Asked,
  COMMON_KNOWLEDGE,
  suggestDomain as suggestDomainBy,
} from './suggestion/suggest-domain.ts'

export type { Asked, KnowledgeOptions as SuggesterOptions }

export type SuggestionReason = 'typo' | 'domain-takes-no-mail' | 'format'

export type Suggestion = { email: string; domain: string; reason: SuggestionReason }

export type Suggester = {
  /** Only the domain is ever changed; the local part stays to the letter. */
  suggest(address: Address, asked?: Asked): Suggestion | null
  /** For a bare domain, as it was typed. */
  suggestDomain(typed: string, asked?: Asked): string | null
  /** What was probably meant by a domain, in lower case ASCII, that is known to take no mail. */
  nearestTarget(domain: string, asked?: Asked): string | null
}

export function makeSuggester(options: KnowledgeOptions = {}): Suggester {
  return suggesterOf(makeKnowledge(options))
}

export const { suggest, suggestDomain, nearestTarget } = suggesterOf(COMMON_KNOWLEDGE)

function suggesterOf(knowledge: typeof COMMON_KNOWLEDGE): Suggester {
  return {
    suggest(address, asked) {
      const domain = suggestDomainBy(address.domain, asked, knowledge)
      return domain === null ? null : { email: `${address.local}@${domain}`, domain, reason: 'typo' }
    },
    suggestDomain: (typed, asked) => suggestDomainBy(typed, asked, knowledge),
    nearestTarget: (domain, asked) => nearestTargetBy(domain, asked, knowledge),
  }
}
