// Where HTTP listens, and under which address the world reaches it.
import { BlockList, isIP, isIPv6 } from 'node:net'
import { readOrigin } from '../core/origin.ts'
import { isHostName } from './host-name.ts'
import type { Reading, Settings } from './settings.ts'
import type { HttpConfig } from './shape.ts'
import { splitList, wholeNumber } from './values.ts'

export function readHttp(settings: Settings): HttpConfig {
  const port = settings.read('PORT', 3000, wholeNumber(0, 65_535, ' (0 takes any free port)'))
  return {
    port,
    host: settings.read('HOST', '127.0.0.1', readHost),
    publicUrl: settings.read('PUBLIC_URL', port === 0 ? null : `http://localhost:${port}`, readPublicUrl),
    trustProxy: settings.read('TRUST_PROXY', 0, wholeNumber(0, 100, ', one for each reverse proxy in front')),
    allowedOrigins: settings.read('ALLOWED_ORIGINS', '*' as const, readOrigins),
  }
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** True for hosts that only this machine can reach. IPv4 addresses mapped into IPv6 count as what they are. */
export function isLoopback(host: string): boolean {
  if (isIP(host) !== 0) return loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')
  return host === 'localhost' || host.endsWith('.localhost')
}

function readHost(text: string): Reading<string> {
  const host = text.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (isIP(host) !== 0 || isHostName(host)) return { kind: 'value', value: host }
  return {
    kind: 'wrong',
    problem: 'is neither an address nor a host name',
    instead: '127.0.0.1 for this machine only, 0.0.0.0 or :: for all, or a name; the port goes into PORT',
  }
}

function readPublicUrl(text: string): Reading<string> {
  const instead = 'the address under which browsers reach the service, such as https://lists.example.com'
  const wrong = (problem: string): Reading<string> => ({ kind: 'wrong', problem, instead })
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return wrong('is not an http or https address')
  }
  if (url.username !== '' || url.password !== '') return wrong('holds a user or a password')
  if (text.includes('?') || text.includes('#')) return wrong('goes on after the path')
  return { kind: 'value', value: url.origin + url.pathname.replace(/\/+$/, '') }
}

function readOrigins(text: string): Reading<'*' | readonly string[]> {
  if (text === '*') return { kind: 'value', value: '*' }
  const origins: string[] = []
  for (const item of splitList(text)) {
    const origin = readOrigin(item)
    if (origin === null) {
      return {
        kind: 'wrong',
        problem: 'is not a list of sites',
        instead: '* for all, or sites without a path, such as https://www.example.com,https://example.org',
      }
    }
    origins.push(origin)
  }
  return { kind: 'value', value: [...new Set(origins)] }
}
