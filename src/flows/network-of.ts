// Which public network a visitor came from: the same that limits count by.
import { BlockList, isIP } from 'node:net'

/** What of a client says where it is. */
export type Caller = { readonly address: string | null; readonly key: string | null }

/** Addresses that many people share behind a proxy or a router of ours, or that are no network at all. */
const inside = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  inside.addSubnet(net, prefix, 'ipv4')
}
for (const [net, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  inside.addSubnet(net, prefix, 'ipv6')
}

/** Null where the address tells nobody from anybody else. */
export function networkOf({ address, key }: Caller): string | null {
  return address === null || !isOutside(address) ? null : key
}

/** An address of the world's, and none of a proxy, a router or this machine. */
export function isOutside(address: string): boolean {
  const version = isIP(address)
  return version !== 0 && !inside.check(address, version === 4 ? 'ipv4' : 'ipv6')
}
