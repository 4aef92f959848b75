// One observation for each request. It knows a request by its route's pattern only: paths hold tokens and addresses.
import { matchedRoutes } from 'hono/route'
import type { Log } from '../../../log.ts'
import type { HttpContext, HttpMiddleware } from './http-env.ts'

export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx'
export type Observation = {
  /** Such as `/confirm/:token`; `unmatched` where there is no such route. */
  route: string
  /** `other` for methods that HTTP does not name: no label comes from visitors. */
  method: string
  status: number
  statusClass: StatusClass
  /** Until the answer began. */
  seconds: number
}

export type AccessOptions = {
  observe: (observation: Observation) => void
  log?: Pick<Log, 'debug'>
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const CLASSES: readonly StatusClass[] = ['1xx', '2xx', '3xx', '4xx', '5xx']

export function observing({ observe, log }: AccessOptions): HttpMiddleware {
  return async function access(c, next) {
    const started = performance.now()
    await next()
    const status = c.res.status
    const observation: Observation = {
      route: routeOf(c),
      method: METHODS.has(c.req.method) ? c.req.method : 'other',
      status,
      statusClass: CLASSES[Math.floor(status / 100) - 1] ?? '5xx',
      seconds: (performance.now() - started) / 1000,
    }
    observe(observation)
    log?.debug('request', observation)
  }
}

/** The pattern of the route that a request came to; middleware alone, with its `*`, is none. */
export function routeOf(c: HttpContext): string {
  const pattern = matchedRoutes(c).at(-1)?.path ?? '*'
  return pattern.includes('*') ? 'unmatched' : pattern
}
