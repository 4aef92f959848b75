// The header by which a provider recognises letters that somebody provokes by filling in the forms of many sites.
import { isIPv4 } from 'node:net'
import { isOutside } from './network-of.ts'

/**
 * The value of Form-Sub (draft-levine-mailbomb-header-02, section 3). Of the submitter's address it tells what the
 * draft's own examples tell, the first half of IPv4 and two groups of IPv6: enough to see that letters belong together.
 */
export function formSub(client: string | null): string {
  // a proxy of ours would make all our letters those of one submitter
  if (client === null || !isOutside(client)) return 'v=1; ip=none'
  if (isIPv4(client)) return `v=1; ip4=${client.split('.').slice(0, 2).join('.')}.x.x`
  const [first = '0', second = '0'] = (client.split('::')[0] ?? '').split(':')
  return `v=1; ip6=${first === '' ? '0' : first}:${second}::x`
}
