// The look-up of mail domains, as the settings have it.
import type { Config } from './config.ts'
import { openResolver, systemServers } from './dns.ts'
import { type MailDomains, noMailDomains, openMailDomains } from './flows/mail-domains.ts'
import { behaviourOf } from './mail/simulated-answer.ts'
import type { Metrics } from './metrics.ts'

export function mailDomainsOf({ dns, mail }: Config, metrics: Metrics): MailDomains {
  if (!dns.check) return noMailDomains
  const servers = dns.servers ?? systemServers()
  return openMailDomains({
    resolvers: servers.map((server) => openResolver({ servers: [server], timeoutMs: 1_000 })),
    ...(mail.smtpUrl === null ? { isPlayed: (email) => behaviourOf(email).kind !== 'accept' } : {}),
    observe: metrics.domainCheck,
  })
}
