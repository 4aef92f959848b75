// Where letters come back to: the address, a door of ours that is open for it, and whether its mail gets there.
import { once } from 'node:events'
import { connect, isIP } from 'node:net'
import type { Config } from '../../config.ts'
import { type Finding, findingsOf } from '../../core/doctor/finding.ts'
import { isNullMx, judgeMx } from '../../core/doctor/judge-mx.ts'
import type { Resolver } from '../../dns.ts'
import { isOfThisMachine, lookUpAddresses } from './addresses.ts'
import { lookUpMx } from './look-up-mx.ts'

const { ok, warning, cannotTell } = findingsOf('return-path')

const patienceMs = 5_000

/** `doors`: the names of the settings that open a door for bounces, as far as they are set. */
export async function checkReturnPath(
  config: Config,
  doors: readonly string[],
  resolver: Resolver,
): Promise<Finding[]> {
  const { bounceAddress, smtpUrl } = config.mail
  if (bounceAddress === null && smtpUrl === null) {
    return [
      ok('bounce-address', 'What the dev mailbox sends back comes in by itself'),
      ...(await checkListener(config)),
    ]
  }
  if (bounceAddress === null) {
    const found =
      'BOUNCE_ADDRESS is not set: letters that come back go to the address of MAIL_FROM, where a report names none of ours'
    return [
      warning(
        'bounce-address',
        found,
        'set BOUNCE_ADDRESS=bounces@example.com, or *@bounce.example.com for a domain of their own',
      ),
      ...(await checkListener(config)),
    ]
  }
  const { domain } = bounceAddress
  const written = bounceAddress.kind === 'plus' ? `${bounceAddress.local}+TOKEN@${domain}` : `TOKEN@${domain}`
  const facts = await lookUpMx(resolver, domain)
  const place = {
    group: 'return-path' as const,
    check: 'return-path-mx',
    what: 'the domain of BOUNCE_ADDRESS',
    harm: 'no bounce ever comes back, and many servers refuse letters with such a sender',
    host: config.mail.smtpName.startsWith('[') ? 'MAIL-SERVER-OF-YOURS' : config.mail.smtpName,
  }
  return [
    ok('bounce-address', `Letters come back to ${written}`),
    doors.length > 0
      ? ok('bounce-door', `Open for what comes back: ${doors.join(', ')}`)
      : warning(
          'bounce-door',
          'No door is open for what comes back',
          'set BOUNCE_LISTEN, BOUNCE_IMAP_URL or BOUNCE_TOKEN: docs/bounces.md says which to choose',
        ),
    ...judgeMx(facts, place),
    ...(facts.mx.kind === 'found' && !isNullMx(facts.mx.records)
      ? await leadsToUs(
          config,
          facts.mx.records.map(({ exchange }) => exchange),
          resolver,
        )
      : []),
    ...(await checkListener(config)),
  ]
}

/** Only an address of this machine, or of PUBLIC_URL, is known to be ours. */
async function leadsToUs(
  { bounceListener, http }: Config,
  hosts: readonly string[],
  resolver: Resolver,
): Promise<Finding[]> {
  if (bounceListener === null) return []
  const check = 'return-path-leads-here'
  const addressesOf = async (host: string) => {
    const answer = await lookUpAddresses(resolver, host)
    return answer.kind === 'found' ? answer.records : []
  }
  const found = (await Promise.all(hosts.map(addressesOf))).flat()
  if (found.length === 0) {
    return [
      warning(
        check,
        `No address is known of ${hosts.join(', ')}, where its MX leads`,
        'give that host an A record, or name another one in the MX',
      ),
    ]
  }
  const publicHost = http.publicUrl === null ? null : new URL(http.publicUrl).hostname.replace(/^\[|\]$/g, '')
  const ours = publicHost === null ? [] : await addressesOf(publicHost)
  const here = found.filter((address) => isOfThisMachine(address) || ours.includes(address))
  if (here.length > 0) return [ok(check, `Its MX leads here (${here.join(', ')})`)]
  return [
    cannotTell(
      check,
      `Its MX leads to ${found.join(', ')}, and whether that is this machine, or hands on to BOUNCE_LISTEN, cannot be told from here`,
      'send a letter to the return path from outside and look whether it comes in; docs/bounces.md shows how a mail server hands on',
    ),
  ]
}

async function checkListener({ bounceListener }: Config): Promise<Finding[]> {
  if (bounceListener === null || bounceListener.port === 0) return []
  const { protocol, host, port } = bounceListener
  // Where it listens on every address, this machine reaches it on its own.
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const name = `${protocol}://${isIP(reached) === 6 ? `[${reached}]` : reached}:${port}`
  const greeting = await greetingOf(reached, port)
  return greeting.startsWith('220')
    ? [ok('bounce-listen', `BOUNCE_LISTEN answers (${name})`)]
    : [
        cannotTell(
          'bounce-listen',
          `Nobody answers at BOUNCE_LISTEN (${name}): ${greeting}`,
          'start the service with the role bounces, and ask again while it runs',
        ),
      ]
}

async function greetingOf(host: string, port: number): Promise<string> {
  const socket = connect({ host, port, signal: AbortSignal.timeout(patienceMs) })
  try {
    const [chunk] = await once(socket, 'data')
    socket.end('QUIT\r\n')
    return String(chunk)
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'no greeting in time'
  } finally {
    socket.on('error', () => {}).destroySoon()
  }
}
