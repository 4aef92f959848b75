import { shown, txtLine } from './dns-line.ts'
import { type Finding, findingsOf, type LookedUp, unanswered } from './finding.ts'
import { isSpf, type Qualifier, type SpfRecord } from './read-spf.ts'

/** An SPF record with everything that it leads to, as far as the DNS told. */
export type SpfWalk = {
  readonly domain: string
  readonly answer: LookedUp
  /** Null where there is no single record that can be read. */
  readonly record: SpfRecord | null
  /** Why a receiver gives the record up: syntax, an include that leads nowhere, a circle. */
  readonly problems: readonly string[]
  /** Questions that no server answered. */
  readonly unanswered: readonly string[]
  /** Terms that make a receiver ask the DNS; ten at most (section 4.6.4). */
  readonly lookups: number
  /** Of those, the ones that lead to nothing; two at most. */
  readonly voids: number
  /** What the record lets in, with the terms that only a delivery can resolve left out. */
  readonly networks: readonly string[]
  /** `exists`, `ptr` and macros: whom they let in shows at a delivery only. */
  readonly hasUnknown: boolean
  /** Of the record itself or the one that it redirects to. */
  readonly ending: Qualifier | null
}

/** `addresses`: where the relay is, which need not be where it sends from. */
export type SpfRelay = {
  readonly name: string
  readonly addresses: readonly string[]
  /** Those of `addresses` that the record lets in. */
  readonly letIn: readonly string[]
  /** The relay is on this machine, and these are the machine's addresses in the world. */
  readonly isLocal: boolean
}

const mostLookups = 10
const mostVoids = 2

const { ok, warning, wrong, cannotTell } = findingsOf('spf')

/** RFC 7208: whether receivers can use the record of the envelope sender's domain, and whom it lets in. */
export function judgeSpf(walk: SpfWalk, relay: SpfRelay | null): Finding[] {
  const { domain, answer } = walk
  if (answer.kind === 'no-answer')
    return [unanswered('spf', 'spf-record', `The SPF record of ${domain}`, answer.why)]
  const records = answer.kind === 'found' ? answer.records.filter(isSpf) : []
  const [text, ...more] = records
  if (text === undefined) {
    return [
      wrong(
        'spf-record',
        `${domain}, the domain of the envelope sender, has no SPF record: receivers cannot know that your relay may send for it`,
        `add the DNS record: ${suggestedLine(domain, relay)}`,
      ),
    ]
  }
  if (more.length > 0) {
    return [
      wrong(
        'spf-record',
        `${domain} has ${records.length} SPF records, and receivers then use none (RFC 7208, 4.5): ${records.map((one) => shown(one, 100)).join(', ')}`,
        'put their terms into one record and delete the others',
      ),
    ]
  }
  const [problem] = walk.problems
  if (problem !== undefined || walk.record === null) {
    return [
      wrong(
        'spf-record',
        `The SPF record of ${domain}, ${shown(text)}, cannot be used: ${problem ?? 'it cannot be read'}`,
        'mend or take out that term: receivers treat the whole record as an error',
      ),
    ]
  }
  return [
    ok('spf-record', `${domain} has ${shown(text)}`),
    ...judgeLookups(walk),
    ...judgeEnding(walk),
    ...judgeRelay(walk, relay),
  ]
}

function judgeLookups({ domain, lookups, voids, unanswered: open }: SpfWalk): Finding[] {
  const check = 'spf-lookups'
  const many = `The SPF record of ${domain} needs ${lookups} ${lookups === 1 ? 'lookup' : 'lookups'} in the DNS; ${mostLookups} are allowed (RFC 7208, 4.6.4)`
  if (lookups > mostLookups)
    return [
      wrong(
        check,
        `${many}: receivers give it up`,
        'replace includes by the ip4 and ip6 networks behind them, or drop what no longer sends for you',
      ),
    ]
  if (voids > mostVoids) {
    return [
      wrong(
        check,
        `${voids} terms of the SPF record of ${domain} lead to nothing; two are allowed (RFC 7208, 4.6.4)`,
        'take out the names that are no longer there',
      ),
    ]
  }
  const [first] = open
  if (first !== undefined) {
    return [
      cannotTell(
        check,
        `Not all of the SPF record of ${domain} could be looked up: ${first}`,
        'try again; DNS_SERVERS names other resolvers',
      ),
    ]
  }
  if (lookups === mostLookups)
    return [
      warning(
        check,
        `${many}: one more, also within an include, and receivers give it up`,
        'drop what no longer sends for you',
      ),
    ]
  return [ok(check, many)]
}

function judgeEnding({ domain, ending }: SpfWalk): Finding[] {
  const check = 'spf-ending'
  const mend = 'end the record with ~all or -all'
  if (ending === '+')
    return [
      wrong(check, `The SPF record of ${domain} ends in +all: it lets the whole world send for you`, mend),
    ]
  if (ending === null || ending === '?') {
    return [
      warning(
        check,
        `The SPF record of ${domain} ${ending === null ? 'has no all at its end' : 'ends in ?all'}: it says nothing about everybody else`,
        mend,
      ),
    ]
  }
  return [ok(check, `It ends in ${ending}all`)]
}

function judgeRelay(walk: SpfWalk, relay: SpfRelay | null): Finding[] {
  const check = 'spf-relay'
  const { domain, networks, hasUnknown } = walk
  if (networks.length === 0 && !hasUnknown && walk.unanswered.length === 0) {
    return [
      wrong(
        check,
        `The SPF record of ${domain} lets nobody send`,
        `add what your relay sends from: ${suggestedLine(domain, relay)}`,
      ),
    ]
  }
  if (relay === null) return []
  const where = relay.addresses.join(', ')
  if (relay.letIn.length > 0 && relay.letIn.length === relay.addresses.length) {
    return [ok(check, `It lets in ${relay.name} (${where}), if that is also where the letters leave from`)]
  }
  if (relay.addresses.length === 0) {
    return [
      cannotTell(
        check,
        `Whether it lets in your relay cannot be told: the addresses that ${relay.name} sends from are not known here`,
        'compare it with what whoever runs the relay tells you to include',
      ),
    ]
  }
  const strangers = relay.addresses.filter((address) => !relay.letIn.includes(address))
  const found = `It does not let in ${relay.isLocal ? 'this machine' : relay.name} (${strangers.join(', ')})`
  return relay.isLocal && !hasUnknown
    ? [
        warning(
          check,
          `${found}; where the relay on this machine hands on directly, receivers see that address`,
          `add ${terms(strangers)} to the record, unless letters leave by way of another server`,
        ),
      ]
    : [
        cannotTell(
          check,
          `${found}, but a relay often sends from other addresses than it listens on`,
          `--send a letter to a mailbox of yours and look for "spf=pass" in its headers; else add what whoever runs the relay tells you to include`,
        ),
      ]
}

function suggestedLine(domain: string, relay: SpfRelay | null): string {
  const include =
    relay?.isLocal && relay.addresses.length > 0 ? terms(relay.addresses) : 'include:SPF-NAME-OF-YOUR-RELAY'
  return txtLine(domain, `v=spf1 ${include} ~all`)
}

function terms(addresses: readonly string[]): string {
  return addresses.map((address) => `${address.includes(':') ? 'ip6' : 'ip4'}:${address}`).join(' ')
}
