// What a suggestion knows from the operator and from the installation: the domains of SUGGEST_DOMAINS, those of the
// list, and the ones that subscribers have proven. One suggester for each set of domains, made once.
import { isWithin } from '../core/disposable.ts'
import { makeSuggester, type Suggester } from '../core/suggestion.ts'
import type { List } from './lists.ts'
import type { ProvenDomains } from './proven-domains.ts'

export type OwnSuggester = Suggester & {
  /** Whether a domain, or one above it, is the operator's own. */
  isOwn(domain: string): boolean
}

export type Suggesters = {
  readonly proven: ProvenDomains
  /** Null: whatever the list. */
  of(list: Pick<List, 'suggestDomains'> | null): OwnSuggester
}

/** A suggester takes below a millisecond and 100 KB. */
const mostKept = 100

export function openSuggesters(domains: readonly string[], proven: ProvenDomains): Suggesters {
  const kept = new Map<string, OwnSuggester>()
  const byList = new WeakMap<readonly string[], OwnSuggester>()
  const ofAll = make([])

  function make(more: readonly string[]): OwnSuggester {
    const extraTargets = [...domains, ...more]
    const own = new Set(extraTargets)
    const suggester = makeSuggester({ extraTargets, isProvenReal: proven.has })
    return { ...suggester, isOwn: (domain) => own.size > 0 && isWithin(domain, own) }
  }

  function find(more: readonly string[]): OwnSuggester {
    const key = more.join(' ')
    const found = kept.get(key) ?? make(more)
    kept.delete(key)
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value ?? '')
    kept.set(key, found)
    return found
  }

  return {
    proven,
    of(list) {
      if (list === null || list.suggestDomains.length === 0) return ofAll
      const known = byList.get(list.suggestDomains)
      if (known !== undefined) return known
      const found = find(list.suggestDomains)
      byList.set(list.suggestDomains, found)
      return found
    },
  }
}
