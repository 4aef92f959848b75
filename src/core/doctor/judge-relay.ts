import { shown } from './dns-line.ts'
import { type Finding, findingsOf } from './finding.ts'

/** How far a letter would come at the relay. */
export type RelayFacts = {
  /** host:port */
  readonly name: string
  readonly isOnThisMachine: boolean
  readonly hasLogin: boolean
  readonly found:
    | { readonly kind: 'trouble'; readonly why: string }
    | {
        readonly kind: 'open'
        readonly tls: { readonly protocol: string; readonly validTo: Date | null } | null
        /** the lines of its answer to EHLO */
        readonly offers: readonly string[]
        readonly sender: { readonly taken: boolean; readonly reply: string }
      }
}

const { ok, warning, wrong } = findingsOf('relay')

const dayMs = 86_400_000
const soonDays = 14
// The longest letters of ours are below 30 KB; lists may have long words of their own.
const wantedSize = 65_536

export function judgeRelay({ name, isOnThisMachine, hasLogin, found }: RelayFacts, now: Date): Finding[] {
  if (found.kind === 'trouble')
    return [wrong('relay', `The relay ${name} cannot be used: ${found.why}`, mendFor(found.why))]
  const findings = [
    ok('relay', `The relay ${name} answers${hasLogin ? ', and the login of SMTP_URL is good' : ''}`),
  ]
  if (found.tls === null) {
    findings.push(
      isOnThisMachine
        ? ok('relay-tls', 'It is on this machine, so that nothing need be encrypted on the way')
        : warning(
            'relay-tls',
            `The connection to ${name} is not encrypted: others on the way can read letters${hasLogin ? ' and the password' : ''}`,
            'have the relay offer STARTTLS, or use smtps:// and its port in SMTP_URL',
          ),
    )
  } else {
    const { protocol, validTo } = found.tls
    const days = validTo === null ? null : Math.floor((validTo.getTime() - now.getTime()) / dayMs)
    findings.push(
      days !== null && days < soonDays
        ? warning(
            'relay-tls',
            `${protocol}, but the certificate of ${name} is good for ${Math.max(0, days)} more days`,
            'have it renewed',
          )
        : ok('relay-tls', `The connection is encrypted (${protocol})`),
    )
  }
  const { taken, reply } = found.sender
  findings.push(
    taken
      ? ok('relay-sender', 'It takes letters with our return path as their sender')
      : wrong(
          'relay-sender',
          `It refuses our return path as a sender: ${shown(reply)}`,
          'have the relay allow the address or domain of BOUNCE_ADDRESS (or of MAIL_FROM, without one) for this login',
        ),
    ...judgeOffers(found.offers),
  )
  return findings
}

function judgeOffers(offers: readonly string[]): Finding[] {
  const has = (keyword: string) => offers.some((line) => line === keyword || line.startsWith(`${keyword} `))
  const size = Number(offers.find((line) => line.startsWith('SIZE '))?.slice(5) ?? 0)
  const findings = [
    has('SMTPUTF8')
      ? ok('relay-smtputf8', 'It offers SMTPUTF8')
      : warning(
          'relay-smtputf8',
          'It does not offer SMTPUTF8: addresses with characters beyond ASCII before the @ cannot be written to',
          'nothing, unless your visitors have such addresses; then have it switched on, or use another relay',
        ),
    has('DSN')
      ? ok('relay-dsn', 'It offers DSN: it is asked for reports of failures with the headers alone')
      : ok('relay-dsn', 'It does not offer DSN; reports come as the relay likes to write them'),
  ]
  if (size > 0 && size < wantedSize) {
    findings.push(
      warning('relay-size', `It takes letters up to ${size} bytes only (SIZE)`, 'have the limit raised'),
    )
  }
  return findings
}

function mendFor(why: string): string {
  if (/offers no login/.test(why))
    return 'take user and password out of SMTP_URL, or use the port for submission (587, or smtps:// and 465)'
  if (/the login|AUTH/.test(why))
    return 'check user and password in SMTP_URL; signs such as @ / # % must be percent-encoded there'
  if (/certificate|altnames|TLS/i.test(why))
    return 'use the host name that the certificate is for in SMTP_URL; smtps:// is for port 465, smtp:// for the others'
  if (/ENOTFOUND|EAI_AGAIN/.test(why)) return 'check the host in SMTP_URL'
  if (/greeted with|EHLO/.test(why)) return 'ask whoever runs the relay whether this machine may use it'
  return 'check host and port in SMTP_URL, and whether a firewall lets this machine out (many networks block port 25; 587 and 465 are usually open)'
}
