// When refusals are a wave. One rule for a site that sends 20 letters a day and one that sends 20,000 an hour: not a
// number of refusals, but how unlikely so many are if all were as usual. Clients are counted, never refusals alone:
// who makes a thousand signups by himself is one client.

/** Letters by how they ended. */
export type Traffic = { readonly refused: number; readonly accepted: number }

export type Numbers = {
  /** distinct clients whose letters were refused in the window */
  readonly clients: number
  /** letters that were accepted in the window */
  readonly accepted: number
  readonly before: Traffic
}

export type Thresholds = {
  readonly leastClients: number
  /** A domain that never took a letter cannot stop taking them. */
  readonly leastAcceptedBefore: number
  /** By how much the share of refusals must have grown, 0 to 1. */
  readonly leastGrowth: number
}

/**
 * A domain: three clients could still be three friends with a sense of humour, so the chance decides: five of five at
 * a domain that took five is enough, three of three only after hundreds.
 */
export const domainThresholds: Thresholds = { leastClients: 3, leastAcceptedBefore: 5, leastGrowth: 0.1 }

/** A provider is measured against all letters, of which it may have a small part: the chance alone decides. */
export const providerThresholds: Thresholds = { leastClients: 5, leastAcceptedBefore: 5, leastGrowth: 0 }

/** Being refused as a sender needs no history: a first day that begins so is an alarm. */
export const reputationThresholds: Thresholds = { leastClients: 5, leastAcceptedBefore: 0, leastGrowth: 0.1 }

/** Domains (or providers) that must refuse alike before it is more than one domain's affair. */
export const severalDomains = 3

/**
 * Once in a million looks. Looks at one domain overlap almost wholly, so a site with a thousand busy domains has a
 * false alarm in some years, and outages are far beyond it within minutes.
 */
const mostChance = Math.log(1e-6)
const leastTimesUsual = 3

/** Stands for what is not known yet: as if 20 more letters had met one refusal, the 5 % of an ordinary bad form. */
const assumed = { tried: 20, refused: 1 }

/** The share of letters refused that counts as usual, 0 to 1. */
export function usualShare({ refused, accepted }: Traffic): number {
  return (refused + assumed.refused) / (refused + accepted + assumed.tried)
}

/** ln of the chance of `refused` or more among `tried` letters, where each is refused with the chance `share`. */
export function logChance(refused: number, tried: number, share: number): number {
  if (refused <= 0 || share >= 1) return 0
  if (refused > tried || share <= 0) return Number.NEGATIVE_INFINITY
  let term = refused * Math.log(share) + (tried - refused) * Math.log1p(-share)
  for (let n = 1; n <= refused; n++) term += Math.log((tried - refused + n) / n)
  const odds = share / (1 - share)
  let sum = 1
  for (let n = refused, ratio = 1; n < tried && ratio > sum * 1e-16; n++) {
    ratio *= ((tried - n) / (n + 1)) * odds
    sum += ratio
    // at or below what is to be expected: no chance at all, and the sum would be long
    if (sum > 1e9) return 0
  }
  return Math.min(0, term + Math.log(sum))
}

/** ln of the chance where it is a jump, else null. */
export function jump(numbers: Numbers, least: Thresholds): number | null {
  const { clients, accepted, before } = numbers
  if (clients < least.leastClients || before.accepted < least.leastAcceptedBefore) return null
  const usual = usualShare(before)
  const tried = clients + accepted
  const share = clients / tried
  if (share < usual * leastTimesUsual || share - usual < least.leastGrowth) return null
  const chance = logChance(clients, tried, usual)
  return chance < mostChance ? chance : null
}

export type Aftermath = {
  readonly now: Date
  readonly noticedAt: Date
  readonly lastRefusalAt: Date | null
  readonly acceptedSinceLast: number
  /** The newest letters there, `lookedAt` at most. */
  readonly recent: { readonly clients: number; readonly accepted: number }
  readonly usual: number
}

/** How many of the newest letters tell whether refusals have fallen back. */
export const lookedAt = 300
const minute = 60_000

/**
 * A wave is over when nothing was refused for an hour; for ten minutes, and ten letters were taken since; or when the
 * newest letters meet no more refusals than would count as usual. Reports come late: acceptance alone proves nothing.
 */
export function isOver(after: Aftermath): boolean {
  const { now, noticedAt, lastRefusalAt, acceptedSinceLast, recent, usual } = after
  if (lastRefusalAt === null) return true
  const silence = now.getTime() - lastRefusalAt.getTime()
  if (silence >= 60 * minute) return true
  if (silence >= 10 * minute && acceptedSinceLast >= 10) return true
  const tried = recent.clients + recent.accepted
  const isKnown = recent.accepted >= 100 && now.getTime() - noticedAt.getTime() >= 30 * minute
  return isKnown && recent.clients / tried < Math.max(usual * leastTimesUsual, 0.02)
}
