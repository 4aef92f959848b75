import { createRoute, z } from '@hono/zod-openapi'
import { changeList } from '../../../flows/change-list.ts'
import { type CountedList, showList, showLists } from '../../../flows/show-lists.ts'
import { json, problems } from '../schemas/describe.ts'
import { listAnswer, listInput } from '../schemas/list.ts'
import { pageOf, pageQuery } from '../schemas/page.ts'
import { readInput } from '../shell/body.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { problem } from '../shell/problem.ts'
import { type AdminDeps, badCursor, adminSecurity as security, unknownList } from './admin-deps.ts'

const tags = ['Lists']
const params = z.object({ slug: z.string().openapi({ pattern: '^[a-z0-9-]{1,64}$' }) })

const all = createRoute({
  method: 'get',
  path: '/api/lists',
  tags,
  security,
  summary: 'All lists, by their slugs',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(listAnswer), 'A page of lists.'), ...problems(400, 401) },
})

const one = createRoute({
  method: 'get',
  path: '/api/lists/{slug}',
  tags,
  security,
  summary: 'One list',
  request: { params },
  responses: { 200: json(listAnswer, 'The list.'), ...problems(401, 404) },
})

// The body is read by our own reader, so that broken JSON gets a problem document: here it is described only.
const put = createRoute({
  method: 'put',
  path: '/api/lists/{slug}',
  tags,
  security,
  summary: 'Make or change a list',
  description: 'What is absent stays as it is; null clears.',
  request: { params },
  responses: {
    200: json(listAnswer, 'Changed.'),
    201: json(listAnswer, 'Made.'),
    ...problems(400, 401, 413, 415),
  },
})

export function listRoutes(deps: AdminDeps): HttpRoutes {
  const routes = newRoutes()
  routes.openapi(all, async (c) => {
    const { limit, cursor = null } = c.req.valid('query')
    const page = await showLists(deps, { limit, cursor })
    if (page.kind === 'bad-cursor') throw badCursor()
    return c.json({ items: page.items.map(listJson), next: page.next }, 200)
  })
  routes.openapi(one, async (c) => {
    const found = await showList(deps, c.req.valid('param').slug)
    if (found === null) throw unknownList()
    return c.json(listJson(found), 200)
  })
  routes.openAPIRegistry.registerPath({
    ...put,
    request: { params, body: { required: true, content: { 'application/json': { schema: listInput } } } },
  })
  routes.openapi({ ...put, hide: true }, async (c) => {
    const { slug } = c.req.valid('param')
    if (!/^[a-z0-9-]{1,64}$/.test(slug)) {
      const detail = 'slug is not accepted: use 1 to 64 of a to z, 0 to 9 and the hyphen.'
      throw problem(400, 'bad-request', detail, { field: 'slug' })
    }
    const { reply_to, confirmed_url, privacy_url, suggest_domains, allowed_origins, ...same } =
      await readInput(c, listInput)
    const wishes = {
      ...same,
      replyTo: reply_to,
      confirmedUrl: confirmed_url,
      privacyUrl: privacy_url,
      suggestDomains: suggest_domains,
      allowedOrigins: allowed_origins,
    }
    const done = await changeList(deps, slug, wishes)
    const found = await showList(deps, slug)
    if (found === null) throw new Error(`the list ${slug} is gone right after its change`)
    return done === 'made' ? c.json(listJson(found), 201) : c.json(listJson(found), 200)
  })
  return routes
}

function listJson({ list, counts }: CountedList): z.input<typeof listAnswer> {
  return {
    slug: list.slug,
    name: list.name,
    locale: list.locale,
    from: list.from,
    reply_to: list.replyTo,
    confirmed_url: list.confirmedUrl,
    organisation: list.organisation,
    privacy_url: list.privacyUrl,
    consent: list.consent,
    consent_version: list.consentVersion,
    suggest_domains: [...list.suggestDomains],
    allowed_origins: list.allowedOrigins === null ? null : [...list.allowedOrigins],
    counts,
  }
}
