import { asciiLowerCase, readDomainName } from '../address/domain-name.ts'
import { cleanDomain, WWW } from './clean-domain.ts'
import { type Countries, closestTarget } from './closest-target.ts'
import { type Ending, endingOf } from './ending.ts'
import { countriesOf } from './home-country.ts'
import { logInnocent } from './innocence.ts'
import { type Knowledge, makeKnowledge } from './knowledge.ts'
import { withoutMisplacedEnding } from './misplaced-ending.ts'
import { repairEnding } from './repair-ending.ts'

export type Asked = {
  /** The visitor's own locale (BCP 47), if any: what is common in that country is meant a little sooner. */
  readonly locale?: string | null | undefined
}

export const COMMON_KNOWLEDGE = makeKnowledge()

/** A repaired ending may show a slip in the name: gmal.con, gmal.com, gmail.com. */
const MOST_STEPS = 3

/**
 * The domain that was most likely meant, or null where the typed one may well be right. Never throws. What it
 * answers is stable: asked about its own answer it is silent, whatever the locale.
 */
export function suggestDomain(
  typed: string,
  asked: Asked = {},
  knowledge: Knowledge = COMMON_KNOWLEDGE,
): string | null {
  if (knowledge.targets.domains.has(typed)) return null
  const clean = cleanDomain(typed)
  if (clean === null) return null
  const countries = asked.locale ? countriesOf(asked.locale) : []
  let domain = clean
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const next = oneStep(domain, countries, knowledge)
    if (next === null) {
      const isQuiet = domain === clean || oneStep(domain, 'any', knowledge) === null
      return isQuiet && isAnswer(typed, clean, domain, knowledge) ? domain : null
    }
    domain = next
  }
  return null
}

function oneStep(domain: string, countries: Countries, knowledge: Knowledge): string | null {
  const { targets } = knowledge
  if (targets.domains.has(domain) || knowledge.isReal(domain)) return null
  const undotted = targets.undotted.get(domain.replaceAll('.', ''))
  if (undotted !== undefined) return undotted
  const ending = endingOf(domain)
  if (isPartOfReal(ending, knowledge) || isBareEnding(ending, knowledge)) return null
  const placed = withoutMisplacedEnding(domain, ending)
  if (placed !== null) return placed
  const repaired = ending.live ? null : repairEnding(domain, ending)
  const innocent = logInnocent(ending, repaired?.logLikelihood ?? null)
  const question = { typed: domain, ending, logInnocent: innocent, countries }
  return closestTarget(question, targets.meantBy(ending)) ?? repaired?.domain ?? null
}

/** `com` alone stands for nothing, `gmail` does, though both are endings. */
function isBareEnding(ending: Ending, { targets }: Knowledge): boolean {
  return ending.name === '' && ending.exists && !targets.names.has(ending.suffix)
}

function isPartOfReal({ registrable }: Ending, knowledge: Knowledge): boolean {
  return registrable !== null && (knowledge.targets.domains.has(registrable) || knowledge.isReal(registrable))
}

/** An answer is a domain, and other than what was typed. Without `www.` alone it is still what was typed,
 *  unless that leaves one of the targets. */
function isAnswer(typed: string, clean: string, domain: string, knowledge: Knowledge): boolean {
  const lower = asciiLowerCase(typed)
  if (domain === lower || knowledge.isReal(lower) || readDomainName(domain).kind === 'invalid') return false
  if (NOT_ASCII.test(typed)) {
    const literal = readDomainName(typed)
    if (literal.kind === 'domain' && literal.ascii === domain) return false
  }
  return domain !== clean || !WWW.test(lower) || knowledge.targets.domains.has(domain)
}

const NOT_ASCII = /[^\u0000-\u007f]/
