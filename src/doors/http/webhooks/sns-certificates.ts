// The certificates that Amazon SNS signs with, fetched once each: from Amazon's own host, which TLS vouches for.
import { type KeyObject, X509Certificate } from 'node:crypto'
import type { FetchText } from './fetch-text.ts'

export type FoundKey = { kind: 'key'; key: KeyObject } | { kind: 'none' } | { kind: 'unreachable' }

export type SnsCertificates = { keyOf(url: URL, now: Date): Promise<FoundKey> }

/** Each region has one, and changes it about once a year. */
const mostKept = 20
/** Anybody may name an address that has no certificate: so many are asked for at once, and no more. */
const mostAtOnce = 4

export function openSnsCertificates(fetchText: FetchText): SnsCertificates {
  const kept = new Map<string, X509Certificate>()
  const underWay = new Map<string, Promise<X509Certificate | 'none' | 'unreachable'>>()

  async function fetchOne(url: URL): Promise<X509Certificate | 'none' | 'unreachable'> {
    const fetched = await fetchText(url)
    if (fetched.kind !== 'text') return fetched.kind === 'nothing' ? 'none' : 'unreachable'
    return readCertificate(fetched.text) ?? 'none'
  }

  function ask(url: URL) {
    const asked = underWay.get(url.href)
    if (asked !== undefined) return asked
    if (underWay.size >= mostAtOnce) return 'unreachable' as const
    const asking = fetchOne(url).finally(() => underWay.delete(url.href))
    underWay.set(url.href, asking)
    return asking
  }

  return {
    async keyOf(url, now) {
      const known = kept.get(url.href)
      if (known !== undefined && isValid(known, now)) {
        kept.delete(url.href)
        kept.set(url.href, known)
        return { kind: 'key', key: known.publicKey }
      }
      const found = await ask(url)
      if (found === 'none' || found === 'unreachable') return { kind: found }
      if (!isValid(found, now)) return { kind: 'none' }
      kept.delete(url.href)
      kept.set(url.href, found)
      while (kept.size > mostKept) kept.delete(kept.keys().next().value ?? '')
      return { kind: 'key', key: found.publicKey }
    },
  }
}

function readCertificate(pem: string): X509Certificate | null {
  try {
    const certificate = new X509Certificate(pem)
    return certificate.publicKey.asymmetricKeyType === 'rsa' ? certificate : null
  } catch {
    return null
  }
}

function isValid(certificate: X509Certificate, now: Date): boolean {
  return certificate.validFromDate <= now && now <= certificate.validToDate
}
