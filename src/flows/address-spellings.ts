import { domainToUnicode } from 'node:url'
import type { Address } from '../core/address.ts'

/**
 * How an address may stand in a report: as it is, with its domain in Unicode, in the xtext of RFC 3461, and inside the
 * envelope sender that a mailing list or a forwarder made of it. Upper and lower case are left to the search.
 */
export function addressSpellings(address: Address): string[] {
  const { local, domain, email } = address
  const xtext = email.replaceAll(/[+=]/g, (sign) => (sign === '+' ? '+2B' : '+3D'))
  const spellings = [
    email,
    address.key,
    `${local}@${domainToUnicode(domain)}`,
    xtext,
    `${local}=${domain}`,
    `${local}=40${domain}`,
  ]
  return [...new Set(spellings)]
}
