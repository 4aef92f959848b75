import { getServers } from 'node:dns'
import { isIP } from 'node:net'

/** Where a DNS server listens, on UDP and TCP. */
export type DnsServer = { readonly host: string; readonly port: number }

const usualPort = 53

/** `127.0.0.1`, `127.0.0.1:5353`, `::1`, `[::1]:5353`; null for what is no address. A name would need a resolver. */
export function readServer(text: string): DnsServer | null {
  if (isIP(text) !== 0) return { host: text, port: usualPort }
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text)
  const host = match?.[1] ?? match?.[2] ?? ''
  const port = match?.[3] === undefined ? usualPort : Number(match[3])
  const isAddress = isIP(host) === (match?.[1] === undefined ? 4 : 6)
  return isAddress && port >= 1 && port <= 65_535 ? { host, port } : null
}

/** As the system is set up (/etc/resolv.conf): the servers that everything else on this machine asks. */
export function systemServers(): string[] {
  return getServers()
}

/** How a server is called in words for the operator. */
export function nameOf({ host, port }: DnsServer): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}
