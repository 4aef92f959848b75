import { createRoute } from '@hono/zod-openapi'
import { exportDepartures } from '../../../flows/export-departures.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { type AdminDeps, adminSecurity as security } from './admin-deps.ts'
import { answerExport, exportParams, exportQuery, streamed } from './exports.ts'

const route = createRoute({
  method: 'get',
  path: '/api/lists/{slug}/departures',
  tags: ['Exports'],
  security,
  summary: 'Who left the list',
  description:
    'Columns: `email, left_at, why`, where why is `unsubscribed`, `complaint`, `erased` or `admin`. The cursor of either export is good for both. To keep a copy: take out the departures, then put in the subscribers, for who left may have come back.',
  request: { params: exportParams, query: exportQuery },
  responses: streamed('The departures, a row each.'),
})

export function departureRoutes(deps: AdminDeps): HttpRoutes {
  const routes = newRoutes()
  routes.openapi(route, async (c) => {
    const { slug } = c.req.valid('param')
    const { format, since = null } = c.req.valid('query')
    const isHead = c.req.method === 'HEAD'
    return answerExport(c, { slug, format, since, isHead, name: `${slug}-departures` }, (input) =>
      exportDepartures(deps, input),
    )
  })
  return routes
}
