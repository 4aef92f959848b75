// Host names as settings may carry them: ASCII labels, "localhost" included, underscores let through.
import { domainToASCII } from 'node:url'

const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/

export function isHostName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((part) => label.test(part))
}

/** A mail domain in ASCII and lower case; null where it is none. */
export function asMailDomain(text: string): string | null {
  if (/[^\p{L}\p{M}\p{N}._-]/u.test(text)) return null
  const domain = domainToASCII(text).toLowerCase()
  return domain !== '' && isHostName(domain) ? domain : null
}
