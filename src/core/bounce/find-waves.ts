// Looks through the newest letters for waves that have begun. Pure: letters come in as refusals with their ranks, so
// that those accepted between two of them need not be listed.
import type { Outcomes, Refusal, WaveKind } from './outcomes.ts'
import {
  domainThresholds,
  jump,
  type Numbers,
  providerThresholds,
  reputationThresholds,
  severalDomains,
  type Thresholds,
  type Traffic,
} from './wave.ts'

export type Begun = {
  readonly kind: WaveKind
  /** A domain, a provider, or nothing: a reputation is one. */
  readonly subject: string
  readonly domains: readonly string[]
  readonly beganAt: Date
  readonly numbers: Numbers
}

/** A wave that begins with a refusal longer ago than this is no news. */
const oldestMs = 24 * 60 * 60 * 1000
/** Beginnings are tried one by one at first, then further and further apart: thousands of them say little more. */
const stride = 1.1
const nothing: Traffic = { refused: 0, accepted: 0 }

type Sequence = {
  readonly refusals: readonly Refusal[]
  readonly rank: (refusal: Refusal) => number
  readonly tried: number
  readonly earlier: Traffic
}

/** What is known of one suspect: the refusals up to the k-th newest client, for growing k; the likeliest beginning. */
function likeliest(
  { now }: Outcomes,
  sequence: Sequence,
  least: Thresholds,
): { chance: number; beganAt: Date; numbers: Numbers; refusals: readonly Refusal[] } | null {
  const { earlier, rank } = sequence
  const clients = new Set<string>()
  // a client counts once, by its newest refusal: what it does besides neither raises an alarm nor hides one
  const counted = sequence.refusals.filter((one) => clients.size < clients.add(one.client).size)
  const repeated = sequence.refusals.length - counted.length
  const all = sequence.tried - repeated
  let passed = 0
  let next = 1
  let best: ReturnType<typeof likeliest> = null
  for (const [index, refusal] of counted.entries()) {
    if (now.getTime() - refusal.at.getTime() > oldestMs) break
    while (sequence.refusals[passed] !== refusal) passed++
    const refused = index + 1
    if (refused < next && index < counted.length - 1) continue
    next = Math.max(refused + 1, Math.floor(refused * stride))
    const tried = rank(refusal) - (passed - index)
    const numbers: Numbers = {
      clients: refused,
      accepted: tried - refused,
      before: {
        refused: counted.length - refused + earlier.refused,
        accepted: all - counted.length - (tried - refused) + earlier.accepted,
      },
    }
    const chance = jump(numbers, least)
    if (chance !== null && (best === null || chance <= best.chance)) {
      best = { chance, beganAt: refusal.at, numbers, refusals: counted.slice(0, refused) }
    }
  }
  return best
}

export function findReputation(outcomes: Outcomes): Begun | null {
  const refusals = outcomes.refusals.filter((one) => one.isPolicy)
  const rank = (one: Refusal) => one.overall
  const found = likeliest(
    outcomes,
    { refusals, rank, tried: outcomes.tried, earlier: nothing },
    reputationThresholds,
  )
  if (found === null) return null
  const sides = new Set(found.refusals.map((one) => one.provider ?? one.domain))
  if (sides.size < severalDomains) return null
  const domains = domainsOf(found.refusals)
  return { kind: 'reputation', subject: '', domains, beganAt: found.beganAt, numbers: found.numbers }
}

/**
 * A provider is measured against all letters, since who receives those that were accepted is not known: its domains
 * are looked up when they refuse. Only domains that refuse most of what comes count, so that the everyday typing
 * errors at a large one are no company for two others.
 */
export function findProvider(outcomes: Outcomes, provider: string): Begun | null {
  const there = outcomes.refusals.filter((one) => one.provider === provider)
  const refusing = refusingDomains(outcomes, provider)
  if (refusing.size < severalDomains) return null
  // in the past all count: it makes the usual share larger, never smaller
  const recent = (one: Refusal) => outcomes.now.getTime() - one.at.getTime() <= oldestMs
  const refusals = there.filter((one) => refusing.has(one.domain) || !recent(one))
  const rank = (one: Refusal) => one.overall
  const found = likeliest(
    outcomes,
    { refusals, rank, tried: outcomes.tried, earlier: nothing },
    providerThresholds,
  )
  if (found === null) return null
  const domains = domainsOf(found.refusals)
  if (domains.length < severalDomains) return null
  return { kind: 'provider', subject: provider, domains, beganAt: found.beganAt, numbers: found.numbers }
}

/** Those that refuse most of what comes now. */
export function refusingDomains(outcomes: Outcomes, provider: string): ReadonlySet<string> {
  const there = outcomes.refusals.filter((one) => one.provider === provider)
  const byDomain = Map.groupBy(there, (one) => one.domain)
  return new Set([...byDomain].filter(([, some]) => refusesMost(outcomes, some)).map(([domain]) => domain))
}

/** Half or more of what was tried since the domain's first refusal of the last day. */
function refusesMost({ now }: Outcomes, refusals: readonly Refusal[]): boolean {
  const recent = refusals.filter((one) => now.getTime() - one.at.getTime() <= oldestMs)
  return recent.some((one, index) => (index + 1) * 2 >= one.here)
}

export function findDomain(outcomes: Outcomes, domain: string): Begun | null {
  const refusals = outcomes.refusals.filter((one) => one.domain === domain)
  const tried = outcomes.triedAt.get(domain) ?? refusals.length
  const earlier = outcomes.earlier.get(domain) ?? nothing
  const rank = (one: Refusal) => one.here
  const found = likeliest(outcomes, { refusals, rank, tried, earlier }, domainThresholds)
  if (found === null) return null
  return {
    kind: 'domain',
    subject: domain,
    domains: [domain],
    beganAt: found.beganAt,
    numbers: found.numbers,
  }
}

function domainsOf(refusals: readonly Refusal[]): string[] {
  return [...new Set(refusals.map((one) => one.domain))]
}
