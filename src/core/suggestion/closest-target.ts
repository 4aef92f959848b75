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
  maxCostDead: 14,
  /** How much likelier a target is for a visitor from its country. */
  atHome: 0.5,
} as const

/** What mailcheck takes at most (its `domainThreshold`); beyond it there is no suggestion. */
const MAILCHECK_THRESHOLD = 2
const FAR = 98

/** `limit`: the highest cost at which the slip is still likelier than innocence. `least`: a cost that this
 *  one has at the least, known without comparing letter by letter. */
type Candidate = { target: Target; limit: number; least: number; odds: number | null }

export type Countries = readonly string[] | 'any'

export type Question = {
  readonly typed: string
  readonly ending: Ending
  readonly logInnocent: number
  /** Where the visitor may live. */
  readonly countries: Countries
}

/**
 * The target that was most likely meant, if that is likelier than an unknown but real domain. A noisy-channel
 * model: log P(target) + log P(typed | target) against log P(innocent). mailcheck picks by its distance.
 */
export function closestTarget(question: Question, targets: readonly Target[]): string | null {
  const candidates = candidatesFor(question, targets)
  const [first] = candidates
  if (first === undefined) return null
  const near = shortlist(question, candidates, first)
  const result = mailcheck.run({
    email: `x@${question.typed}`,
    domains: near.map(({ target }) => target.domain),
    secondLevelDomains: [],
    topLevelDomains: [],
    distanceFunction: (_typed, domain) => {
      const candidate = near.find(({ target }) => target.domain === domain)
      return candidate === undefined ? FAR : MAILCHECK_THRESHOLD - oddsOf(question, candidate)
    },
  })
  return result ? result.domain : null
}

/** How much likelier the slip is than it need be, in nats. */
function oddsOf({ typed, ending }: Question, candidate: Candidate): number {
  if (candidate.odds === null) {
    const { target, limit } = candidate
    const most = Math.min(limit, ending.live ? MODEL.maxCost : MODEL.maxCostDead)
    const cost = costOfTarget(typed, ending, target, most)
    candidate.odds = cost > most ? MAILCHECK_THRESHOLD - FAR : limit - cost
  }
  return candidate.odds
}

function candidatesFor(question: Question, targets: readonly Target[]): Candidate[] {
  const { typed, ending, logInnocent, countries } = question
  const letters = lettersOf(typed)
  const threshold = ending.live ? MODEL.threshold : MODEL.thresholdDead
  const maxCost = ending.live ? MODEL.maxCost : MODEL.maxCostDead
  const candidates: Candidate[] = []
  for (const target of targets) {
    const limit = target.logShare + atHome(target, countries) - logInnocent - threshold
    if (limit < 0) continue
    const least = leastCost(typed, letters, ending, target)
    if (least > limit || least > maxCost || !mayMean(ending, target)) continue
    candidates.push({ target, limit, least, odds: null })
  }
  return candidates
}

function atHome({ country }: Target, countries: Countries): number {
  if (country === null) return 0
  return countries === 'any' || countries.includes(country) ? MODEL.atHome : 0
}

/** Those that could still beat the most promising one: it is nearly always right, and then it stands alone. */
function shortlist(question: Question, candidates: Candidate[], first: Candidate): Candidate[] {
  const promising = candidates.reduce((a, b) => (b.limit - b.least > a.limit - a.least ? b : a), first)
  const odds = Math.max(0, oddsOf(question, promising))
  return candidates.filter(
    (candidate) => candidate === promising || candidate.limit - candidate.least >= odds,
  )
}
