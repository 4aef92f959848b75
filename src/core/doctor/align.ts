import { getDomain } from 'tldts'

export type Mode = 'relaxed' | 'strict'

/** Of news.example.co.uk it is example.co.uk, by the public suffix list; of a name without a suffix, the name. */
export function organisationalDomain(domain: string): string {
  return getDomain(domain, { allowPrivateDomains: true }) ?? domain
}

/** RFC 7489, section 3.1: the same organisation, or in strict mode the same name. */
export function isAligned(from: string, domain: string, mode: Mode): boolean {
  return mode === 'strict' ? from === domain : organisationalDomain(from) === organisationalDomain(domain)
}

const mostAsked = 8

/**
 * Where a DMARC record may stand, in the order in which it is looked for: at the domain, then upwards (RFC 9989,
 * section 4.10). The organisational domain of RFC 7489 is on the way.
 */
export function dmarcNames(domain: string): string[] {
  const labels = domain.split('.')
  const names = [domain]
  // Of very long names only the last seven labels are walked, so that nobody can make receivers ask without end.
  const from = Math.max(1, labels.length - (mostAsked - 1))
  for (let at = from; at < labels.length; at++) names.push(labels.slice(at).join('.'))
  return names.map((name) => `_dmarc.${name}`)
}
