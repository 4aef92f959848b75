// What a load balancer and a monitoring system ask.
import { bearerCheck, unauthorized } from '../shell/bearer.ts'
import { isDirectLoopback } from '../shell/client.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { problem } from '../shell/problem.ts'

export type Operation = {
  /** Null when the service can work; else what is missing. */
  readonly whyNotReady: () => Promise<string | null>
  readonly metrics: () => Promise<{ contentType: string; text: string }>
  readonly metricsToken: string | null
  readonly adminToken: string
}

export function operationRoutes(operation: Operation): HttpRoutes {
  const routes = newRoutes()
  const check = bearerCheck([operation.metricsToken ?? operation.adminToken])
  routes.get('/healthz', (c) => c.json({ status: 'alive' }))
  routes.get('/readyz', async (c) => {
    const why = await operation.whyNotReady()
    if (why !== null) throw problem(503, 'not-ready', `Not ready: ${why}.`, { retryAfter: 5 })
    return c.json({ status: 'ready' })
  })
  routes.get('/metrics', async (c) => {
    const isLocal = operation.metricsToken === null && isDirectLoopback(c)
    const bearer = check(c)
    if (bearer !== 'good' && !isLocal) throw unauthorized(bearer)
    const { contentType, text } = await operation.metrics()
    return c.body(text, 200, { 'Content-Type': contentType })
  })
  return routes
}
