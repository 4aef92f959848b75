// A request that no route takes: 404, or 405 where the path is right and the method is not.
import type { HttpContext, HttpRoutes } from './http-env.ts'
import { type HttpProblem, problem } from './problem.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export function missing(app: HttpRoutes, c: HttpContext): HttpProblem {
  const allowed = METHODS.filter((method) => hasHandler(app, method, c.req.path))
  if (allowed.length === 0 || allowed.some((method) => method === c.req.method)) {
    return problem(404, 'not-found', 'There is nothing at this address.')
  }
  const Allow = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
  return problem(405, 'method-not-allowed', `This address takes ${Allow} only.`, { headers: { Allow } })
}

// Middleware is registered for all methods and answers nothing by itself.
function hasHandler(app: HttpRoutes, method: string, path: string): boolean {
  return app.router.match(method, path)[0].some(([[, route]]) => route.method !== 'ALL')
}
