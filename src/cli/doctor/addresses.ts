// Addresses: of this machine in the world, of a host, and which of them lie in which networks.
import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { LookedUp } from '../../core/doctor/finding.ts'
import type { Resolver } from '../../dns.ts'

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Not of the world: RFC 6890 and its kin. What a machine has of these, no receiver ever sees. */
const local = networksOf(
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.2.0/24 192.168.0.0/16 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 ::/127 2001:db8::/32 fc00::/7 fe80::/10 ff00::/8'.split(
    ' ',
  ),
)

/** None where the machine is behind a translation of addresses: then nothing here says how the world sees it. */
export function worldAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address)
    .filter((address) => !local.check(address, family(address)))
}

/** All of this machine, also those that only it or its network can reach. */
export function isOfThisMachine(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return own.some((one) => one.address === address)
}

export function within(addresses: readonly string[], networks: readonly string[]): string[] {
  const list = networksOf(networks)
  return addresses.filter((address) => list.check(address, family(address)))
}

/** A and AAAA together, as far as they are there; a host that is an address has itself. */
export async function lookUpAddresses(resolver: Resolver, host: string): Promise<LookedUp> {
  if (isIP(host) !== 0) return { kind: 'found', records: [host] }
  const answers = await Promise.all([resolver.ask(host, 'A'), resolver.ask(host, 'AAAA')])
  const records = answers.flatMap((answer) => (answer.kind === 'found' ? answer.records : []))
  if (records.length > 0) return { kind: 'found', records }
  const [first, second] = answers
  if (first.kind === 'no-answer') return first
  if (second.kind === 'no-answer') return second
  return { kind: first.kind === 'no-such-domain' ? first.kind : 'no-records' }
}

/** What `in-addr.arpa` and `ip6.arpa` call an address (RFC 1035, 3.5; RFC 3596, 2.5). */
export function reverseName(address: string): string {
  if (isIP(address) === 4) return `${address.split('.').reverse().join('.')}.in-addr.arpa`
  const [head = '', tail] = (URL.parse(`http://[${address}]`)?.hostname ?? '').slice(1, -1).split('::')
  const groups = (text: string) => text.split(':').filter((group) => group !== '')
  const [first, last] = [groups(head), groups(tail ?? '')]
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - first.length - last.length }, () => '0')
  const digits = [...first, ...zeros, ...last].map((group) => group.padStart(4, '0')).join('')
  return `${[...digits].reverse().join('.')}.ip6.arpa`
}

function networksOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', length = ''] = network.split('/')
    if (isIP(address) !== 0) list.addSubnet(address, Number(length), family(address))
  }
  return list
}
