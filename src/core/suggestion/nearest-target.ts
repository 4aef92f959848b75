import { closestTarget } from './closest-target.ts'
import { endingOf } from './ending.ts'
import { countriesOf } from './home-country.ts'
import { logInnocent } from './innocence.ts'
import type { Knowledge } from './knowledge.ts'
import { type Asked, COMMON_KNOWLEDGE, suggestDomain } from './suggest-domain.ts'

/** In nats: how much less a domain that takes no mail is what somebody meant to type. */
const DEAD = 6

/**
 * What was probably meant by a domain that is known to take no mail (RFC 5321 5.1, RFC 7505), so that it is a slip
 * or nothing; null where no target is near. Never throws.
 */
export function nearestTarget(
  domain: string,
  asked: Asked = {},
  knowledge: Knowledge = COMMON_KNOWLEDGE,
): string | null {
  const usual = suggestDomain(domain, asked, knowledge)
  if (usual !== null) return usual
  const ending = endingOf(domain)
  if (ending.name === '') return null
  const question = {
    typed: domain,
    ending,
    logInnocent: logInnocent(ending, null) - DEAD,
    countries: asked.locale ? countriesOf(asked.locale) : [],
  }
  const near = closestTarget(question, knowledge.targets.meantBy(ending))
  return near === domain ? null : near
}
