// GET /suggestions: what an address, or a bare domain, probably should be. Stores nothing.
import { readAddress } from '../../../core/address.ts'
import { suggest, suggestDomain } from '../../../core/suggestion.ts'
import { insteadOf, isDead } from '../../../flows/sign-up.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { windowLimiter } from '../shell/limiter.ts'
import { problem } from '../shell/problem.ts'
import type { PublicDeps } from './public-deps.ts'

/** A form asks while somebody types: often, but not like a machine that searches. */
const perClient = { count: 300, seconds: 60 }
const longestQuery = 1_000

export function suggestionRoutes(deps: PublicDeps): HttpRoutes {
  const routes = newRoutes()
  const limiter = windowLimiter(perClient)
  routes.get('/suggestions', async (c) => {
    const taking = limiter.take(deps.shell.clientOf(c).keys)
    if (taking.kind === 'limited') {
      const { retryAfter } = taking
      throw problem(429, 'too-many', 'Too many questions came from your network.', { retryAfter })
    }
    const emails = c.req.queries('email') ?? []
    const domains = c.req.queries('domain') ?? []
    if (emails.length + domains.length !== 1) {
      throw problem(400, 'bad-request', 'Give either email or domain, once.', { field: 'email' })
    }
    const [email] = emails
    return c.json(await (email === undefined ? forDomain(deps, domains[0] ?? '') : forEmail(deps, email)))
  })
  return routes
}

type Deps = Pick<PublicDeps, 'service'>

async function forEmail(deps: Deps, email: string) {
  const reading = readAddress(email)
  if (reading.kind === 'address') {
    const { address } = reading
    const suggestion = reading.question ?? suggest(address)
    if (suggestion === null && (await isDead(deps.service, address))) {
      throw takesNoMail(address.domain, { field: 'email', suggestion: insteadOf(address) })
    }
    return { email: address.email, suggestion }
  }
  const { reason, detail, suggestion } = reading
  throw problem(422, 'invalid-email', detail, {
    field: 'email',
    reason,
    ...(suggestion === null ? {} : { suggestion }),
  })
}

function takesNoMail(
  domain: string,
  {
    field,
    suggestion,
  }: { field: string; suggestion: { email: string; domain: string; reason: string } | null },
) {
  return problem(422, 'domain-takes-no-mail', `The domain ${domain} takes no mail.`, {
    field,
    ...(suggestion === null ? {} : { suggestion }),
  })
}

async function forDomain(deps: Deps, text: string) {
  // A local part of one letter makes an address of it, so that both are read by the same rules.
  const reading = readAddress(`a@${text.slice(0, longestQuery)}`)
  if (reading.kind === 'invalid') {
    const { reason, detail, suggestion } = reading
    const better = suggestion === null ? {} : { suggestion: { ...suggestion, email: suggestion.domain } }
    throw problem(422, 'invalid-email', detail, { field: 'domain', reason, ...better })
  }
  const { domain } = reading.address
  const { question } = reading
  if (question !== null) return { domain, suggestion: { ...question, email: question.domain } }
  const better = suggestDomain(domain)
  if (better === null && (await isDead(deps.service, reading.address))) {
    const instead = insteadOf(reading.address)
    const suggestion = instead === null ? null : { ...instead, email: instead.domain }
    throw takesNoMail(domain, { field: 'domain', suggestion })
  }
  return { domain, suggestion: better === null ? null : { email: better, domain: better, reason: 'typo' } }
}
