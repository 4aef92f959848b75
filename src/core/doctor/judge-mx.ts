import { mxLine } from './dns-line.ts'
import { type Finding, findingsOf, type LookedUp, unanswered } from './finding.ts'

export type Mx = { readonly preference: number; readonly exchange: string }

export type MxFacts = {
  readonly domain: string
  readonly mx: LookedUp<Mx>
  /** A and AAAA of the domain, asked where it has no MX. */
  readonly addresses: LookedUp
}

type Place = {
  readonly group: 'sender' | 'return-path'
  readonly check: string
  /** what the domain is, as in "the domain of MAIL_FROM" */
  readonly what: string
  /** what happens when no mail gets there */
  readonly harm: string
  /** a host that could take the mail */
  readonly host: string
}

/** True of the one record that says: this domain takes no mail (RFC 7505). */
export function isNullMx(records: readonly Mx[]): boolean {
  return records.length > 0 && records.every(({ exchange }) => exchange === '.' || exchange === '')
}

/** Whether mail to the domain gets anywhere (RFC 5321, section 5.1; RFC 7505). */
export function judgeMx({ domain, mx, addresses }: MxFacts, place: Place): Finding[] {
  const { ok, warning, wrong } = findingsOf(place.group)
  const { check, what, harm } = place
  const mend = `add the DNS record: ${mxLine(domain, place.host)} (the host that takes its mail)`
  if (mx.kind === 'no-answer') return [unanswered(place.group, check, `The MX of ${domain}`, mx.why)]
  if (mx.kind === 'no-such-domain')
    return [
      wrong(
        check,
        `${domain}, ${what}, is not in the DNS: ${harm}`,
        `register it, or write another domain; then ${mend}`,
      ),
    ]
  if (mx.kind === 'found') {
    if (isNullMx(mx.records)) {
      return [
        wrong(
          check,
          `${domain}, ${what}, has a null MX, which says that it takes no mail (RFC 7505): ${harm}`,
          `replace the record "${domain}. MX 0 ." by: ${mxLine(domain, place.host)}`,
        ),
      ]
    }
    const hosts = mx.records.toSorted((a, b) => a.preference - b.preference).map(({ exchange }) => exchange)
    return [ok(check, `Mail to ${domain}, ${what}, goes to ${hosts.join(', ')}`)]
  }
  if (addresses.kind === 'no-answer')
    return [unanswered(place.group, check, `The addresses of ${domain}`, addresses.why)]
  if (addresses.kind === 'found') {
    return [
      warning(
        check,
        `${domain}, ${what}, has no MX; mail servers then try its own address, ${addresses.records.join(', ')}`,
        mend,
      ),
    ]
  }
  return [wrong(check, `${domain}, ${what}, has neither MX nor address: ${harm}`, mend)]
}
