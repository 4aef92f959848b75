// A DNS server and a resolver that end with the test.
import { onTestFinished } from 'vitest'
import { openResolver, type Resolver } from '../../src/dns.ts'
import { type Asked, type DnsServer, openDnsServer, type Said } from './dns-server.ts'

/** Where an answer is expected the limit is one that a busy machine keeps; where none is, the test waits it out. */
const generous = 20_000
export const short = 300

export async function serve(answer: (asked: Asked) => Said): Promise<DnsServer> {
  const server = await openDnsServer(answer)
  onTestFinished(() => server.close())
  return server
}

export function resolverOf(servers: readonly DnsServer[], timeoutMs = generous): Resolver {
  const resolver = openResolver({ servers: servers.map(({ address }) => address), timeoutMs })
  onTestFinished(() => resolver.close())
  return resolver
}

export const ofA = (name: string, data: string, ttl = 300) =>
  ({ type: 'A', name, ttl, class: 'IN', data }) as const
