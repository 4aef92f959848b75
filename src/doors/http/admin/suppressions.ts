import { createRoute, z } from '@hono/zod-openapi'
import { liftSuppression, type Suppression, showSuppressions } from '../../../flows/lift-suppression.ts'
import { json, problems } from '../schemas/describe.ts'
import { pageOf, pageQuery } from '../schemas/page.ts'
import { suppressionRecord } from '../schemas/signup-record.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { problem } from '../shell/problem.ts'
import { type AdminDeps, badCursor, badEmail, adminSecurity as security } from './admin-deps.ts'

const tags = ['Suppressions']

const all = createRoute({
  method: 'get',
  path: '/api/suppressions',
  tags,
  security,
  summary: 'Addresses that no letter goes to',
  request: { query: pageQuery },
  responses: {
    200: json(pageOf(suppressionRecord), 'A page of suppressions in force.'),
    ...problems(400, 401),
  },
})

const lift = createRoute({
  method: 'delete',
  path: '/api/suppressions/{email}',
  tags,
  security,
  summary: 'Let letters go to an address again',
  request: { params: z.object({ email: z.string() }) },
  responses: { 204: { description: 'Lifted.' }, ...problems(400, 401, 404) },
})

export function suppressionRoutes(deps: AdminDeps): HttpRoutes {
  const routes = newRoutes()
  routes.openapi(all, async (c) => {
    const { limit, cursor = null } = c.req.valid('query')
    const page = await showSuppressions(deps, { limit, cursor })
    if (page.kind === 'bad-cursor') throw badCursor()
    const items = page.items.map((one) => ({ email: one.email, ...suppressionJson(one) }))
    return c.json({ items, next: page.next }, 200)
  })
  routes.openapi(lift, async (c) => {
    const outcome = await liftSuppression(deps, c.req.valid('param').email)
    if (outcome === 'invalid-email') throw badEmail()
    if (outcome === 'none') throw problem(404, 'not-found', 'No suppression of this address is in force.')
    return c.body(null, 204)
  })
  return routes
}

export function suppressionJson(suppression: Suppression) {
  const { reason, status, reply, since, until } = suppression
  return { reason, status, reply, since: since.toISOString(), until: until.toISOString() }
}
