// Who receives mail for a domain. The large families are known by name; for the rest the name of the mail exchanger
// says it, up to its registrable domain: aspmx.l.google.com is Google, whoever's domain it takes mail for. Replies do
// not tell: a relay's answer and a report's text name our own side, or nobody.
import { getDomain } from 'tldts'

/** Each named as its mail exchangers are, so that a family and the companies that it hosts are one provider. */
const families: readonly [RegExp, string][] = [
  [/^(gmail|googlemail)\.com$/, 'google.com'],
  [/^(outlook|hotmail|live|windowslive|msn|passport)\.[a-z]{2,3}(\.[a-z]{2})?$/, 'outlook.com'],
  [/^((yahoo|ymail|rocketmail|aol)\.[a-z]{2,3}(\.[a-z]{2})?|aim\.com)$/, 'yahoodns.net'],
  [/^(icloud|me|mac)\.com$/, 'icloud.com'],
  [/^(gmx\.(net|de|at|ch)|gmx\.(com|co\.uk|fr|us|es|eu))$/, 'gmx.net'],
  [/^(mail|bk|list|inbox|internet)\.ru$/, 'mail.ru'],
]

/** For a domain that is known without asking; null for all others. */
export function familyOf(domain: string): string | null {
  return families.find(([pattern]) => pattern.test(domain))?.[1] ?? null
}

/** `exchange`: the name in an MX record. Null where it is no name in the public DNS, the null MX included. */
export function providerOf(exchange: string): string | null {
  return getDomain(exchange.replace(/\.$/, '').toLowerCase(), { allowPrivateDomains: false })
}
