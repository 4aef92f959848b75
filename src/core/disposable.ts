// Domains that give anybody a mailbox for some minutes. The list is disposable-email-domains (CC0), which its
// community corrects every week; the package is released with it.
import { disposableEmailBlocklistSet } from 'disposable-email-domains-js'
import { TARGET_DOMAINS } from './suggestion/target-list.ts'

let listed: ReadonlySet<string> | null = null

/** Also true of sub-domains. `domain` is in lower case ASCII. The list is read when first asked, in some 30 ms. */
export function isDisposable(domain: string): boolean {
  if (TARGET_DOMAINS.has(domain)) return false
  listed ??= disposableEmailBlocklistSet()
  return isWithin(domain, listed)
}

/** Whether a domain, or one above it, is among them. */
export function isWithin(domain: string, names: ReadonlySet<string>): boolean {
  let rest = domain
  for (let dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
    if (names.has(rest)) return true
    rest = rest.slice(dot + 1)
  }
  return false
}
