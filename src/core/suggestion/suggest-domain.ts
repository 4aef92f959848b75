import { asciiLowerCase, readDomainName } from '../address/domain-name.ts'
import { cleanDomain, WWW } from './clean-domain.ts'
import { closestTarget } from './closest-target.ts'
import { type Ending, endingOf } from './ending.ts'
import { logInnocent } from './innocence.ts'
import { KNOWN_REAL } from './known-real.ts'
import { withoutMisplacedEnding } from './misplaced-ending.ts'
import { repairEnding } from './repair-ending.ts'
import { TARGET_DOMAINS, TARGET_NAMES, TARGETS, TARGETS_WITHOUT_DOTS } from './target-list.ts'

export type SuggestionOptions = {
  /** Domains known to be real, beside the targets: never questioned, nor their sub-domains. */
  known?: ReadonlySet<string>
}

/** A repaired ending may show a slip in the name: gmal.con, gmal.com, gmail.com. */
const MOST_STEPS = 3

/**
 * The domain that was most likely meant, or null where the typed one may well be right. Never throws. What it
 * answers is stable: asked about its own answer it is silent.
 */
export function suggestDomain(typed: string, options: SuggestionOptions = {}): string | null {
  if (TARGET_DOMAINS.has(typed)) return null
  const clean = cleanDomain(typed)
  if (clean === null) return null
  const known = options.known ?? KNOWN_REAL
  let domain = clean
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const next = oneStep(domain, known)
    if (next === null) return isAnswer(typed, clean, domain) ? domain : null
    domain = next
  }
  return null
}

function oneStep(domain: string, known: ReadonlySet<string>): string | null {
  if (TARGET_DOMAINS.has(domain) || known.has(domain)) return null
  const undotted = TARGETS_WITHOUT_DOTS.get(domain.replaceAll('.', ''))
  if (undotted !== undefined) return undotted
  const ending = endingOf(domain)
  if (isPartOfKnown(ending, known) || isBareEnding(ending)) return null
  const placed = withoutMisplacedEnding(domain, ending)
  if (placed !== null) return placed
  const repaired = ending.live ? null : repairEnding(domain, ending)
  const innocent = logInnocent(ending, repaired?.logLikelihood ?? null)
  return closestTarget(domain, ending, innocent, TARGETS) ?? repaired?.domain ?? null
}

/** `com` alone stands for nothing, `gmail` does, though both are endings. */
function isBareEnding(ending: Ending): boolean {
  return ending.name === '' && ending.exists && !TARGET_NAMES.has(ending.suffix)
}

function isPartOfKnown(ending: Ending, known: ReadonlySet<string>): boolean {
  const registrable = ending.registrable
  return registrable !== null && (TARGET_DOMAINS.has(registrable) || known.has(registrable))
}

/** An answer is a domain, and other than what was typed. Without `www.` alone it is still what was typed,
 *  unless that leaves one of the targets. */
function isAnswer(typed: string, clean: string, domain: string): boolean {
  const lower = asciiLowerCase(typed)
  if (domain === lower || readDomainName(domain).kind === 'invalid') return false
  if (NOT_ASCII.test(typed)) {
    const literal = readDomainName(typed)
    if (literal.kind === 'domain' && literal.ascii === domain) return false
  }
  return domain !== clean || !WWW.test(lower) || TARGET_DOMAINS.has(domain)
}

const NOT_ASCII = /[^\u0000-\u007f]/
