// Who takes mail for a domain, asked of the DNS by the clock and only for domains that refuse: never for a signup. Where
// the DNS does not answer, a domain stands for itself.
import { familyOf, providerOf } from '../core/bounce/receiving-provider.ts'
import type { Resolver } from '../dns.ts'

export type ReceivingProviders = {
  /** Null where it is not known. */
  of(domain: string): string | null
  /** Asks about those that are not known, the first ones first, as many as one turn has time for. */
  lookUp(domains: Iterable<string>): Promise<void>
}

const mostKept = 10_000
const mostAsked = 30
const atOnce = 6
const keptMs = 60 * 60 * 1000
const keptUnknownMs = 60 * 1000
/** So many questions without an answer: the DNS is away, and the rest would only wait as well. */
const mostSilences = 6

export function openReceivingProviders(
  resolver: Pick<Resolver, 'ask'> | null,
  now: () => Date,
): ReceivingProviders {
  const kept = new Map<string, { provider: string | null; until: number }>()

  function keep(domain: string, provider: string | null, ms: number): void {
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value ?? '')
    // an answer is better than none, but an old answer is better than no answer now
    kept.set(domain, {
      provider: provider ?? (ms === keptUnknownMs ? (kept.get(domain)?.provider ?? null) : null),
      until: now().getTime() + ms,
    })
  }

  function isDue(domain: string): boolean {
    return familyOf(domain) === null && (kept.get(domain)?.until ?? 0) <= now().getTime()
  }

  return {
    of: (domain) => familyOf(domain) ?? kept.get(domain)?.provider ?? null,
    async lookUp(domains) {
      if (resolver === null) return
      const due = [...new Set(domains)].filter(isDue).slice(0, mostAsked)
      let silences = 0
      async function ask(): Promise<void> {
        for (let domain = due.shift(); domain !== undefined; domain = due.shift()) {
          if (silences >= mostSilences) return
          const answer = await resolver?.ask(domain, 'MX')
          if (answer === undefined || answer.kind === 'no-answer') {
            silences++
            keep(domain, null, keptUnknownMs)
          } else if (answer.kind === 'found') {
            const [first] = answer.records.toSorted((a, b) => a.preference - b.preference)
            keep(domain, first === undefined ? null : providerOf(first.exchange), keptMs)
          } else keep(domain, null, keptMs)
        }
      }
      await Promise.all(Array.from({ length: atOnce }, ask))
    },
  }
}
