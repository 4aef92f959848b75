import { createRoute, z } from '@hono/zod-openapi'
import { readStats } from '../../../flows/read-stats.ts'
import { json, problems } from '../schemas/describe.ts'
import { statsItem, statsQuery } from '../schemas/stats.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { problem } from '../shell/problem.ts'
import { type AdminDeps, adminSecurity as security } from './admin-deps.ts'

const route = createRoute({
  method: 'get',
  path: '/api/stats',
  tags: ['Statistics'],
  security,
  summary: 'Daily counters, summed',
  description: 'Counters hold no persons and stay when signups are deleted. Without days: the last 30.',
  request: { query: statsQuery },
  responses: {
    200: json(z.object({ items: z.array(statsItem), next: z.null() }), 'All lines at once.'),
    ...problems(400, 401),
  },
})

export function statsRoutes(deps: AdminDeps): HttpRoutes {
  const routes = newRoutes()
  routes.openapi(route, async (c) => {
    const { by, from = null, to = null } = c.req.valid('query')
    const found = await readStats(deps, { by, from, to })
    if (found.kind === 'bad-day') {
      const detail = `${found.field} is no day such as 2026-01-31, or the first day is after the last.`
      throw problem(400, 'bad-request', detail, { field: found.field })
    }
    const items = found.items.map(({ key, ...counts }) => ({ [by]: key, ...counts }))
    return c.json({ items, next: null }, 200)
  })
  return routes
}
