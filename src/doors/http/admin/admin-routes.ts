// /api: for the operator and their programs, with a bearer token, and never for scripts of other sites.
import { requireBearer } from '../shell/bearer.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import type { AdminDeps } from './admin-deps.ts'
import { bounceRecordRoutes } from './bounces.ts'
import { departureRoutes } from './departures.ts'
import { listRoutes } from './lists.ts'
import { peopleRoutes } from './people.ts'
import { signupRecordRoutes } from './signups.ts'
import { statsRoutes } from './stats.ts'
import { subscriberRoutes } from './subscribers.ts'
import { suppressionRoutes } from './suppressions.ts'
import { waveRoutes } from './waves.ts'

export function adminRoutes(deps: AdminDeps, options: { readonly adminToken: string }): HttpRoutes {
  const routes = newRoutes()
  routes.openAPIRegistry.registerComponent('securitySchemes', 'admin', {
    type: 'http',
    scheme: 'bearer',
    description: 'ADMIN_TOKEN.',
  })
  routes.use('/api/*', requireBearer(options.adminToken))
  routes.route('/', listRoutes(deps))
  routes.route('/', subscriberRoutes(deps))
  routes.route('/', departureRoutes(deps))
  routes.route('/', signupRecordRoutes(deps))
  routes.route('/', suppressionRoutes(deps))
  routes.route('/', bounceRecordRoutes(deps))
  routes.route('/', waveRoutes(deps))
  routes.route('/', statsRoutes(deps))
  routes.route('/', peopleRoutes(deps))
  return routes
}
