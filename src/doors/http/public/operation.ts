// What a load balancer and a monitoring system ask.
import { bearerCheck, unauthorized } from '../shell/bearer.ts'
import { isDirectLoopback } from '../shell/client.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'

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
    if (why === null) return c.json({ status: 'ready' })
    return c.json({ status: 'not-ready', reason: why }, 503, { 'Retry-After': '5' })
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
