import type { MxFacts } from '../../core/doctor/judge-mx.ts'
import type { Resolver } from '../../dns.ts'
import { lookUpAddresses } from './addresses.ts'

/** The addresses of a domain count only where it has no MX (RFC 5321, section 5.1). */
export async function lookUpMx(resolver: Resolver, domain: string): Promise<MxFacts> {
  const mx = await resolver.ask(domain, 'MX')
  const addresses =
    mx.kind === 'no-records' ? await lookUpAddresses(resolver, domain) : { kind: 'no-records' as const }
  return { domain, mx, addresses }
}
