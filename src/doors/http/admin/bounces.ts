// What came back: report by report, and as a whole.
import { createRoute, z } from '@hono/zod-openapi'
import { askForReport } from '../../../flows/ask-for-report.ts'
import { type ListedBounce, showBounce, showBounces } from '../../../flows/show-bounces.ts'
import { bounceInFull, bounceRecord, bouncesQuery } from '../schemas/bounce-record.ts'
import { reportAnswer, reportQuery } from '../schemas/bounce-report.ts'
import { json, problems } from '../schemas/describe.ts'
import { pageOf } from '../schemas/page.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { problem } from '../shell/problem.ts'
import { type AdminDeps, badCursor, adminSecurity as security } from './admin-deps.ts'
import { reportJson } from './bounce-report-json.ts'

const tags = ['Bounces']

const some = createRoute({
  method: 'get',
  path: '/api/bounces',
  tags,
  security,
  summary: 'Reports of failure, newest first',
  description: 'Those that named no letter of ours are kept for 30 days, the last 10,000 of them.',
  request: { query: bouncesQuery },
  responses: { 200: json(pageOf(bounceRecord), 'A page of reports.'), ...problems(400, 401) },
})

const whole = createRoute({
  method: 'get',
  path: '/api/bounces/report',
  tags,
  security,
  summary: 'The bounce rate, what stands out and what changed',
  description:
    'Of today, or by week of the seven days that end today, unless days are given; at most 400 of them. Beside it stands the period of the same length before.',
  request: { query: reportQuery },
  responses: { 200: json(reportAnswer, 'The report.'), ...problems(400, 401) },
})

const one = createRoute({
  method: 'get',
  path: '/api/bounces/{id}',
  tags,
  security,
  summary: 'One report',
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json(bounceInFull, 'The report.'), ...problems(401, 404) },
})

export function bounceRecordRoutes(deps: AdminDeps): HttpRoutes {
  const routes = newRoutes()
  routes.openapi(some, async (c) => {
    const { unmatched, category = null, door = null, rule = null, ...page } = c.req.valid('query')
    const isUnmatched = unmatched === undefined ? null : unmatched === 'true'
    const { limit, cursor = null } = page
    const found = await showBounces(deps, { unmatched: isUnmatched, category, door, rule, limit, cursor })
    if (found.kind === 'bad-cursor') throw badCursor()
    return c.json({ items: found.items.map(bounceJson), next: found.next }, 200)
  })
  // before the one with an id, which "report" could be taken for
  routes.openapi(whole, async (c) => {
    const { by, from = null, to = null } = c.req.valid('query')
    const outcome = await askForReport(deps, { by, from, to })
    if (outcome.kind === 'bad-day') {
      const detail = `${outcome.field} is no day such as 2026-01-31, or the first day is after the last, or there are more than 400 days.`
      throw problem(400, 'bad-request', detail, { field: outcome.field })
    }
    return c.json(reportJson(by, outcome.report), 200)
  })
  routes.openapi(one, async (c) => {
    const found = await showBounce(deps, c.req.valid('param').id)
    if (found === null) throw problem(404, 'not-found', 'There is no report with this id.')
    return c.json({ ...bounceJson(found), raw: found.raw }, 200)
  })
  return routes
}

function bounceJson(bounce: ListedBounce) {
  const { id, at, door, category, status, reply, recipient, rule, forwarded, signupId, letterId } = bounce
  return {
    id,
    at: at.toISOString(),
    door,
    matched: signupId !== null,
    category,
    status,
    reply,
    recipient,
    rule,
    forwarded,
    signup_id: signupId,
    letter_id: letterId,
  }
}
