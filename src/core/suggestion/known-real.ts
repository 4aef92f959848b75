import known from './known-names.json' with { type: 'json' }

/** Anything that can tell whether a domain is known. */
export type KnownDomains = { has(domain: string): boolean }

/** The names that stand before each ending, web and freenet before de: as text until the first question about it. */
const byEnding = new Map<string, string | ReadonlySet<string>>(Object.entries(known.names))

/** Real domains that are never questioned, nor their sub-domains. */
export const KNOWN_REAL: KnownDomains & { readonly size: number } = {
  has(domain) {
    for (let dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
      if (namesBefore(domain.slice(dot + 1))?.has(domain.slice(0, dot)) === true) return true
    }
    return false
  },
  size: known.count,
}

function namesBefore(ending: string): ReadonlySet<string> | undefined {
  const names = byEnding.get(ending)
  if (typeof names !== 'string') return names
  const set = new Set(names.split(' '))
  byEnding.set(ending, set)
  return set
}
