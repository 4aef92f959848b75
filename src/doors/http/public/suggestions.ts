// GET /suggestions: what an address, or a bare domain, probably should be. Stores nothing.
import { readAddress } from '../../../core/address.ts'
import { suggest, suggestDomain } from '../../../core/suggestion.ts'
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
  routes.get('/suggestions', (c) => {
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
    return c.json(email === undefined ? forDomain(domains[0] ?? '') : forEmail(email))
  })
  return routes
}

function forEmail(email: string) {
  const reading = readAddress(email)
  if (reading.kind === 'address') {
    return { email: reading.address.email, suggestion: reading.question ?? suggest(reading.address) }
  }
  const { reason, detail, suggestion } = reading
  throw problem(422, 'invalid-email', detail, {
    field: 'email',
    reason,
    ...(suggestion === null ? {} : { suggestion }),
  })
}

function forDomain(text: string) {
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
  return { domain, suggestion: better === null ? null : { email: better, domain: better, reason: 'typo' } }
}
