// GET /challenge: work that a form may do ahead, so that a proof is there when it is asked for.
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { windowLimiter } from '../shell/limiter.ts'
import { problem } from '../shell/problem.ts'
import type { PublicDeps } from './public-deps.ts'

/** As often as questions that store nothing. */
const perClient = { count: 300, seconds: 60 }

export function challengeRoutes(deps: PublicDeps): HttpRoutes {
  const routes = newRoutes()
  const limiter = windowLimiter(perClient)
  routes.get('/challenge', async (c) => {
    const taking = limiter.take(deps.shell.clientOf(c).keys)
    if (taking.kind === 'limited') {
      const { retryAfter } = taking
      throw problem(429, 'too-many', 'Too many challenges were asked for by your network.', { retryAfter })
    }
    const challenge = await deps.service.admission.challenge()
    if (challenge === null) throw problem(404, 'not-found', 'No proof of work is asked for here.')
    return c.json(challenge)
  })
  return routes
}
