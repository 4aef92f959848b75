// Who is calling, as far as limits, evidence and the local pages need to know.
import { isIP, isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { type HttpContext, incomingOf } from './http-env.ts'

const LONGEST_USER_AGENT = 300
const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'] as const

export type Client = {
  /** In its shortest spelling; IPv4 mapped into IPv6 is IPv4. Null where no socket is. */
  address: string | null
  /** What is counted: see `clientKeys`. */
  keys: readonly string[]
  userAgent: string | null
}

export type ClientOf = (c: HttpContext) => Client

export function clientReader(trustProxy: number): ClientOf {
  return function clientOf(c) {
    const address = clientAddress(c, trustProxy)
    return { address, keys: clientKeys(address), userAgent: userAgentOf(c) }
  }
}

/**
 * The socket's address, or with `trustProxy` n the n-th entry of X-Forwarded-For from the right: whatever stands
 * left of it the caller may have written. An entry that is missing or no address leaves the socket's.
 */
export function clientAddress(c: HttpContext, trustProxy: number): string | null {
  const socket = canonicalAddress(incomingOf(c)?.socket.remoteAddress)
  if (trustProxy === 0) return socket
  const entry = c.req.header('x-forwarded-for')?.split(',').at(-trustProxy)
  return canonicalAddress(withoutPort(entry)) ?? socket
}

/** One key for an IPv4 address, the /64 and then the /48 for IPv6, `['unknown']` for anything else. */
export function clientKeys(address: string | null): readonly string[] {
  if (address === null) return ['unknown']
  if (isIPv4(address)) return [`4:${address}`]
  const canonical = canonicalAddress(address)
  if (canonical === null) return ['unknown']
  if (isIPv4(canonical)) return [`4:${canonical}`]
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv6.parse(canonical).parts
  const site = [a, b, c].map((part) => part.toString(16)).join(':')
  return [`6:${site}:${d.toString(16)}::/64`, `6:${site}::/48`]
}

/** Null for whatever is no IP address. A zone (`%eth0`) is dropped. */
export function canonicalAddress(text: string | undefined): string | null {
  if (text === undefined) return null
  if (isIPv4(text)) return text
  const [address = ''] = text.split('%', 1)
  if (isIP(address) === 0) return null
  return ipaddr.process(address).toString()
}

export function isLoopback(address: string | null): boolean {
  const canonical = canonicalAddress(address ?? undefined)
  return canonical !== null && ipaddr.parse(canonical).range() === 'loopback'
}

/** A caller on this machine itself, and not somebody behind a proxy on this machine. */
export function isDirectLoopback(c: HttpContext): boolean {
  if (FORWARDED.some((name) => c.req.header(name) !== undefined)) return false
  return isLoopback(clientAddress(c, 0))
}

/**
 * A direct caller on this machine that also asked for this machine by name: a site whose name was made to point at
 * 127.0.0.1 can reach us through a local browser, but its name then stands in the Host header.
 */
export function isLocalCaller(c: HttpContext): boolean {
  const name = (c.req.header('host') ?? '').toLowerCase().replace(/:\d+$/, '')
  const local =
    name === 'localhost' || name.endsWith('.localhost') || isLoopback(name.replace(/^\[(.*)\]$/, '$1'))
  return local && isDirectLoopback(c)
}

/** At most 300 characters, none of them a control character; null where none was sent. */
export function userAgentOf(c: HttpContext): string | null {
  const header = c.req.header('user-agent')?.slice(0, LONGEST_USER_AGENT)
  const text = header?.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '').trim()
  return text === undefined || text === '' ? null : text
}

// Some proxies write `192.0.2.1:51234` and `[2001:db8::1]:51234`.
function withoutPort(entry: string | undefined): string | undefined {
  const text = entry?.trim()
  return text?.replace(/^\[([^\]]*)\](?::\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
}
