// What the DNS says about who we are as a sender: MX, SPF, DKIM, DMARC, and the name of our own address.
import type { Config } from '../../config.ts'
import { dmarcNames } from '../../core/doctor/align.ts'
import { type Finding, findingsOf } from '../../core/doctor/finding.ts'
import { dkimName, judgeDkim } from '../../core/doctor/judge-dkim.ts'
import { isDmarc, judgeDmarc } from '../../core/doctor/judge-dmarc.ts'
import { judgeMx } from '../../core/doctor/judge-mx.ts'
import { judgeReverse } from '../../core/doctor/judge-reverse.ts'
import { judgeSpf, type SpfRelay } from '../../core/doctor/judge-spf.ts'
import type { Resolver } from '../../dns.ts'
import { lookUpAddresses, reverseName, within, worldAddresses } from './addresses.ts'
import { lookUpMx } from './look-up-mx.ts'
import { walkSpf } from './walk-spf.ts'

/** Null without a relay: then nothing is known of where letters will leave from. */
export type RelayPlace = {
  readonly name: string
  readonly host: string
  readonly isOnThisMachine: boolean
} | null

export async function checkSender(config: Config, relay: RelayPlace, resolver: Resolver): Promise<Finding[]> {
  const { from, bounceAddress, smtpName } = config.mail
  const domain = domainOf(from.address)
  const envelope = bounceAddress?.domain ?? domain
  // A name of this machine alone is in no DNS: there is nothing to look up until MAIL_FROM has a real one.
  if (!domain.includes('.')) {
    return [
      findingsOf('sender').warning(
        'from-mx',
        `Letters are from ${domain}, which is no domain that anybody else knows`,
        'set MAIL_FROM to an address of yours before real letters go out',
      ),
    ]
  }
  const place = {
    group: 'sender' as const,
    check: 'from-mx',
    what: 'the domain of MAIL_FROM',
    harm: 'nobody can answer your letters, and many servers refuse mail from such a domain',
    host: smtpName.startsWith('[') ? 'MAIL-SERVER-OF-YOURS' : smtpName,
  }
  const parts = await Promise.all([
    lookUpMx(resolver, domain).then((facts) => judgeMx(facts, place)),
    checkSpf(envelope, relay, resolver),
    checkDkim(config, resolver),
    checkDmarc({ from: domain, envelope, dkim: config.mail.dkim?.domain ?? null }, resolver),
    relay?.isOnThisMachine === true ? checkReverse(resolver) : [],
  ])
  return parts.flat()
}

async function checkSpf(envelope: string, relay: RelayPlace, resolver: Resolver): Promise<Finding[]> {
  const walk = await walkSpf(resolver, envelope)
  return judgeSpf(walk, relay === null ? null : await spfRelay(relay, walk.networks, resolver))
}

async function spfRelay(
  relay: NonNullable<RelayPlace>,
  networks: readonly string[],
  resolver: Resolver,
): Promise<SpfRelay> {
  const { name, host, isOnThisMachine: isLocal } = relay
  const answer = isLocal ? null : await lookUpAddresses(resolver, host)
  const addresses = answer === null ? worldAddresses() : answer.kind === 'found' ? answer.records : []
  return { name, addresses, letIn: within(addresses, networks), isLocal }
}

async function checkDkim({ mail: { dkim } }: Config, resolver: Resolver): Promise<Finding[]> {
  if (dkim !== null) return judgeDkim(dkim, await resolver.ask(dkimName(dkim), 'TXT'))
  return [
    findingsOf('dkim').cannotTell(
      'dkim-record',
      'Ayes does not sign letters; whether your relay does cannot be told from here',
      '--send a letter to a mailbox of yours and look for "dkim=pass" in its headers; else set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE',
    ),
  ]
}

async function checkDmarc(
  who: { from: string; envelope: string; dkim: string | null },
  resolver: Resolver,
): Promise<Finding[]> {
  const answers = []
  for (const name of dmarcNames(who.from)) {
    const answer = await resolver.ask(name, 'TXT')
    answers.push({ name, answer })
    if (answer.kind === 'no-answer' || (answer.kind === 'found' && answer.records.some(isDmarc))) break
  }
  return judgeDmarc({ ...who, answers })
}

async function checkReverse(resolver: Resolver): Promise<Finding[]> {
  const facts = worldAddresses().map(async (address) => {
    const names = await resolver.ask(reverseName(address), 'PTR')
    const back =
      names.kind === 'found'
        ? await Promise.all(names.records.map((name) => lookUpAddresses(resolver, name)))
        : []
    return {
      address,
      names,
      confirmed: back.some((one) => one.kind === 'found' && one.records.includes(address)),
    }
  })
  return judgeReverse(await Promise.all(facts))
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
