// Goes through an SPF record and all that it includes, as a receiver would (RFC 7208, section 5), and notes what it
// meets. Judging is core's.
import type { SpfWalk } from '../../core/doctor/judge-spf.ts'
import {
  hasMacro,
  isSpf,
  type Qualifier,
  readSpf,
  type SpfMechanism,
  type SpfRecord,
} from '../../core/doctor/read-spf.ts'
import type { Resolver } from '../../dns.ts'

type Notes = {
  problems: string[]
  unanswered: string[]
  lookups: number
  voids: number
  networks: string[]
  hasUnknown: boolean
}

type Visited = { record: SpfRecord | null; ending: Qualifier | null }

// Beyond the ten of the standard, so that the count says by how much; not without end, since others write includes.
const mostLookups = 40
const mostHosts = 10

export async function walkSpf(resolver: Resolver, domain: string): Promise<SpfWalk> {
  const notes: Notes = { problems: [], unanswered: [], lookups: 0, voids: 0, networks: [], hasUnknown: false }
  const answer = await resolver.ask(domain, 'TXT')
  const texts = answer.kind === 'found' ? answer.records.filter(isSpf) : []
  const walker = openWalker(resolver, notes)
  const [text] = texts
  const { record, ending } =
    text !== undefined && texts.length === 1
      ? await walker.visit({ domain, text, above: [], letsIn: true })
      : { record: null, ending: null }
  return { domain, answer, record, ending, ...notes }
}

type Visit = { domain: string; text: string; above: readonly string[]; letsIn: boolean }

function openWalker(resolver: Resolver, notes: Notes) {
  async function visit({ domain, text, above, letsIn }: Visit): Promise<Visited> {
    const reading = readSpf(text)
    if (reading.kind === 'wrong') {
      notes.problems.push(
        above.length === 0 ? reading.problem : `${reading.problem} (in the record of ${domain})`,
      )
      return { record: null, ending: null }
    }
    const { record } = reading
    const path = [...above, domain]
    let ending: Qualifier | null = null
    for (const mechanism of record.mechanisms) {
      // What follows "all" is never reached.
      if (mechanism.kind === 'all') {
        ending = mechanism.qualifier
        break
      }
      await follow(mechanism, { path, letsIn: letsIn && mechanism.qualifier === '+' })
    }
    const { redirect } = record
    if (redirect !== null && !record.mechanisms.some(({ kind }) => kind === 'all')) {
      notes.lookups++
      ending = (await enter(redirect, { path, letsIn }))?.ending ?? null
    }
    return { record, ending }
  }

  async function follow(mechanism: SpfMechanism, { path, letsIn }: { path: string[]; letsIn: boolean }) {
    if (mechanism.kind === 'all') return
    if ('network' in mechanism) {
      if (letsIn) notes.networks.push(mechanism.network)
      return
    }
    notes.lookups++
    const domain = mechanism.domain ?? path.at(-1) ?? ''
    if (mechanism.kind === 'include') return void (await enter(domain, { path, letsIn }))
    if (mechanism.kind === 'ptr' || mechanism.kind === 'exists' || hasMacro(domain)) {
      notes.hasUnknown ||= letsIn
      return
    }
    if (notes.lookups > mostLookups) return
    const hosts = mechanism.kind === 'mx' ? await mailHosts(domain) : [domain]
    const found = (await Promise.all(hosts.map(addressesOf))).flat()
    if (mechanism.kind === 'a' && found.length === 0) notes.voids++
    if (!letsIn) return
    for (const address of found) {
      notes.networks.push(`${address}/${address.includes(':') ? mechanism.prefix.ip6 : mechanism.prefix.ip4}`)
    }
  }

  async function enter(
    domain: string,
    { path, letsIn }: { path: string[]; letsIn: boolean },
  ): Promise<Visited | null> {
    if (hasMacro(domain)) {
      notes.hasUnknown ||= letsIn
      return null
    }
    if (notes.lookups > mostLookups) return null
    const below = domain.toLowerCase()
    if (path.includes(below)) {
      notes.problems.push(`${below} leads back to itself (${[...path, below].join(' → ')})`)
      return null
    }
    const answer = await resolver.ask(below, 'TXT')
    if (answer.kind === 'no-answer') {
      notes.unanswered.push(`${below}: ${answer.why}`)
      notes.hasUnknown ||= letsIn
      return null
    }
    const texts = answer.kind === 'found' ? answer.records.filter(isSpf) : []
    const [text] = texts
    if (text === undefined || texts.length > 1) {
      notes.problems.push(
        `it leads to ${below}, which has ${texts.length === 0 ? 'no SPF record' : `${texts.length} SPF records`}`,
      )
      return null
    }
    return visit({ domain: below, text, above: path, letsIn })
  }

  async function mailHosts(domain: string): Promise<string[]> {
    const answer = await resolver.ask(domain, 'MX')
    if (answer.kind === 'no-answer') notes.unanswered.push(`${domain}: ${answer.why}`)
    if (answer.kind !== 'found') {
      notes.voids += answer.kind === 'no-answer' ? 0 : 1
      return []
    }
    return answer.records.slice(0, mostHosts).map(({ exchange }) => exchange)
  }

  async function addressesOf(host: string): Promise<string[]> {
    const answers = await Promise.all([resolver.ask(host, 'A'), resolver.ask(host, 'AAAA')])
    return answers.flatMap((answer) => {
      if (answer.kind === 'no-answer') notes.unanswered.push(`${host}: ${answer.why}`)
      return answer.kind === 'found' ? answer.records : []
    })
  }

  return { visit }
}
