// Whether the DNS is asked about the domains of addresses, and whom, where that is not what the system is set up for.
import { readServer } from '../dns/servers.ts'
import { quoted, type Reading, type Settings } from './settings.ts'
import type { DnsConfig } from './shape.ts'
import { oneOf, splitList } from './values.ts'

/** Without a relay nothing leaves this machine, and neither do questions. */
export function readDns(settings: Settings): DnsConfig {
  const usual = settings.isSet('SMTP_URL') ? 'on' : 'off'
  return {
    check: settings.read('DNS_CHECK', usual, oneOf(['on', 'off'])) === 'on',
    servers: settings.read('DNS_SERVERS', null, readServers),
  }
}

function readServers(text: string): Reading<readonly string[]> {
  const servers = splitList(text)
  const instead = 'addresses with commas between them, such as 127.0.0.1:5353,[2001:db8::1]:53,192.0.2.1'
  const stranger = servers.find((server) => readServer(server) === null)
  if (stranger !== undefined) {
    return { kind: 'wrong', problem: `has ${quoted(stranger)}, which is no address of a DNS server`, instead }
  }
  if (servers.length === 0) return { kind: 'wrong', problem: 'names nothing', instead }
  return { kind: 'value', value: [...new Set(servers)] }
}
