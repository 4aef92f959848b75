import { createRoute } from '@hono/zod-openapi'
import { exportSubscribers } from '../../../flows/export-subscribers.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { type AdminDeps, adminSecurity as security } from './admin-deps.ts'
import { answerExport, exportParams, exportQuery, streamed } from './exports.ts'

const route = createRoute({
  method: 'get',
  path: '/api/lists/{slug}/subscribers',
  tags: ['Exports'],
  security,
  summary: 'Everybody on the list',
  description:
    'Confirmed only. Columns: `email, signed_up_at, confirmed_at, source, locale, consent, consent_as_posted, signup_ip, confirm_ip, unsubscribe_url, attributes`. In CSV a cell that begins like a formula gets a leading apostrophe, and `attributes` is JSON.',
  request: { params: exportParams, query: exportQuery },
  responses: streamed('The subscribers, a row each.'),
})

export function subscriberRoutes(deps: AdminDeps): HttpRoutes {
  const routes = newRoutes()
  routes.openapi(route, async (c) => {
    const { slug } = c.req.valid('param')
    const { format, since = null } = c.req.valid('query')
    const isHead = c.req.method === 'HEAD'
    return answerExport(c, { slug, format, since, isHead, name: `${slug}-subscribers` }, (input) =>
      exportSubscribers(deps, input),
    )
  })
  return routes
}
