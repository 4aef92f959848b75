import { parse } from 'tldts'

export type Ending = {
  /** The public suffix, or the last label where it is none. */
  suffix: string
  /** Whether the ending exists, in public or for private use. */
  exists: boolean
  /** Whether the domain may exist: its ending does, and it is more than a single label. */
  live: boolean
  /** What stands before it, dots included. */
  name: string
  /** The registrable domain: example.co.uk of mail.example.co.uk. Null for a bare suffix. */
  registrable: string | null
}

/** Names for use at home and in tests (RFC 6761, 6762, 7686, 8375, 9476): not public, and nobody's slip. */
const NOT_PUBLIC = new Set(
  'test example invalid localhost local onion alt internal lan home corp intranet private localdomain'.split(
    ' ',
  ),
)

const OPTIONS = {
  allowPrivateDomains: false,
  extractHostname: false,
  validateHostname: false,
  detectIp: false,
}

/** Countries that are no more, or go by another name: nobody types them by a slip. */
const RETIRED = new Set(['an', 'tp', 'yu', 'zr'])

/** By the public suffix list (ICANN section only: blogspot.com is a company's, not an ending). */
export function endingOf(domain: string): Ending {
  const found = parse(domain, OPTIONS)
  const suffix = found.publicSuffix ?? domain
  const last = suffix.slice(suffix.lastIndexOf('.') + 1)
  const name = domain.length > suffix.length ? domain.slice(0, -suffix.length - 1) : ''
  const exists = found.isIcann === true || NOT_PUBLIC.has(last) || RETIRED.has(last)
  return { suffix, exists, live: exists && domain.includes('.'), name, registrable: found.domain }
}
