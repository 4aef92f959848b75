import mailcheck from 'mailcheck'
import type { Ending } from './ending.ts'
import { costOfTarget, leastCost, mayMean } from './target-cost.ts'
import { lettersOf, type Target } from './target-list.ts'

/** In nats, tuned on lists of real typos and of real domains (`npm run bench -- suggestion`). */
const MODEL = {
  /** How much likelier than an innocent domain a slip must be. */
  threshold: 1.4,
  thresholdDead: 3,
  /** What is further away is no slip, however long the name is. */
  maxCost: 10.9,
  maxCostDead: 18,
} as const

/** What mailcheck takes at most (its `domainThreshold`); beyond it there is no suggestion. */
const MAILCHECK_THRESHOLD = 2
const FAR = 98

/** `limit`: the highest cost at which the slip is still likelier than innocence. `least`: a cost that this
 *  one has at the least, known without comparing letter by letter. */
type Candidate = { target: Target; limit: number; least: number }

/**
 * The target that was most likely meant, if that is likelier than an unknown but real domain. A noisy-channel
 * model: log P(target) + log P(typed | target) against log P(innocent). mailcheck picks by its distance.
 */
export function closestTarget(
  typed: string,
  ending: Ending,
  logInnocent: number,
  targets: readonly Target[],
): string | null {
  const candidates = candidatesFor(typed, ending, logInnocent, targets)
  if (candidates.length === 0) return null
  const near = new Map(
    shortlist(typed, ending, candidates).map((candidate) => [candidate.target.domain, candidate]),
  )
  const result = mailcheck.run({
    email: `x@${typed}`,
    domains: [...near.keys()],
    secondLevelDomains: [],
    topLevelDomains: [],
    distanceFunction: (_typed, domain) => {
      const candidate = near.get(domain)
      return candidate === undefined ? FAR : MAILCHECK_THRESHOLD - oddsOf(typed, ending, candidate, 0)
    },
  })
  return result ? result.domain : null
}

/** How much likelier the slip is than it need be, in nats; somewhere below `atLeast` where it is below that. */
function oddsOf(typed: string, ending: Ending, candidate: Candidate, atLeast: number): number {
  const cost = costOfTarget(typed, ending, candidate.target, candidate.limit - atLeast)
  return Math.max(candidate.limit - cost, MAILCHECK_THRESHOLD - FAR)
}

function candidatesFor(
  typed: string,
  ending: Ending,
  logInnocent: number,
  targets: readonly Target[],
): Candidate[] {
  const letters = lettersOf(typed)
  const threshold = ending.live ? MODEL.threshold : MODEL.thresholdDead
  const maxCost = ending.live ? MODEL.maxCost : MODEL.maxCostDead
  const candidates: Candidate[] = []
  for (const target of targets) {
    const limit = Math.min(target.logShare - logInnocent - threshold, maxCost)
    if (limit < 0) continue
    const least = leastCost(typed, letters, ending, target)
    if (least <= limit && mayMean(ending, target)) candidates.push({ target, limit, least })
  }
  return candidates
}

/** Those that could still beat the most promising one: it is nearly always right, and then it stands alone. */
function shortlist(typed: string, ending: Ending, candidates: Candidate[]): Candidate[] {
  const promising = candidates.reduce((a, b) => (b.limit - b.least > a.limit - a.least ? b : a))
  const odds = Math.max(0, oddsOf(typed, ending, promising, 0))
  return candidates.filter(
    (candidate) => candidate === promising || candidate.limit - candidate.least >= odds,
  )
}
