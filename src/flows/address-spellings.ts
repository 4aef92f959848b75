import { domainToUnicode } from 'node:url'
import type { Address } from '../core/address.ts'

/**
 * How an address may stand in a report: as it is, with its domain in Unicode, in the xtext of RFC 3461, inside the
 * envelope sender that a mailing list or a forwarder made of it, and in base64. Upper and lower case are left to the search.
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
  return [...new Set([...spellings, ...base64Spellings(email), ...base64Spellings(address.key)])]
}

/** What base64 makes of a text depends on where in a group of three bytes it begins; its neighbours colour the ends. */
function base64Spellings(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)])
    return bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6))
  })
}
