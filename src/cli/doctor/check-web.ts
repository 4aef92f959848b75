import { isIP } from 'node:net'
import { type Config, isLoopback } from '../../config.ts'
import { type Finding, findingsOf, unanswered } from '../../core/doctor/finding.ts'
import type { Resolver } from '../../dns.ts'
import { lookUpAddresses } from './addresses.ts'

const { ok, warning, wrong } = findingsOf('web')

/** The base of every link in letters: whether it is safe, and whether its name leads anywhere. */
export async function checkWeb({ http }: Config, resolver: Resolver): Promise<Finding[]> {
  if (http.publicUrl === null) {
    return [
      warning(
        'public-url',
        'PUBLIC_URL is not set and PORT is 0: links lead to another port after each start',
        'set PUBLIC_URL',
      ),
    ]
  }
  const url = new URL(http.publicUrl)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isLoopback(host))
    return [ok('public-url', `Links lead to ${http.publicUrl}, which opens on this machine only`)]
  const secure =
    url.protocol === 'https:'
      ? ok('public-url', `Links lead to ${http.publicUrl}`)
      : warning(
          'public-url',
          `Links lead to ${http.publicUrl}, without TLS: others on the way can read and use them`,
          `put TLS in front and set PUBLIC_URL=${http.publicUrl.replace('http:', 'https:')}`,
        )
  if (isIP(host) !== 0) return [secure]
  const addresses = await lookUpAddresses(resolver, host)
  if (addresses.kind === 'no-answer')
    return [secure, unanswered('web', 'public-host', `The host of PUBLIC_URL, ${host},`, addresses.why)]
  if (addresses.kind !== 'found') {
    return [
      secure,
      wrong(
        'public-host',
        `${host}, the host of PUBLIC_URL, has no address: no link in any letter opens`,
        `add the DNS record: ${host}. A ADDRESS-OF-YOUR-SERVER`,
      ),
    ]
  }
  return [secure, ok('public-host', `${host} is ${addresses.records.join(', ')}`)]
}
