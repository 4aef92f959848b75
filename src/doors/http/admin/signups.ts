import { createRoute, z } from '@hono/zod-openapi'
import { signupStatuses } from '../../../core/signup-states.ts'
import { findInFull, isSignupId, search } from '../../../flows/search-signups.ts'
import { type AdminOutcome, correct, resend } from '../../../flows/send-again.ts'
import { json, problems } from '../schemas/describe.ts'
import { pageOf, pageQuery } from '../schemas/page.ts'
import { correctInput, signupInFull, signupRecord } from '../schemas/signup-record.ts'
import { readInput } from '../shell/body.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { problem } from '../shell/problem.ts'
import { type AdminDeps, badCursor, badEmail, adminSecurity as security } from './admin-deps.ts'
import { fullJson, signupJson } from './signup-json.ts'

const tags = ['Signups']
const params = z.object({ id: z.string() })
const query = pageQuery.extend({
  email: z.string().optional(),
  list: z.string().optional(),
  status: z.enum(signupStatuses).optional(),
  bounced: z
    .enum(['true', 'false'])
    .optional()
    .openapi({ description: 'Whether any report about one of its letters has come in.' }),
})

const some = createRoute({
  method: 'get',
  path: '/api/signups',
  tags,
  security,
  summary: 'Signups in any state, newest first',
  request: { query },
  responses: { 200: json(pageOf(signupRecord), 'A page of signups.'), ...problems(400, 401) },
})

const one = createRoute({
  method: 'get',
  path: '/api/signups/{id}',
  tags,
  security,
  summary: 'One signup with its letters and events',
  request: { params },
  responses: { 200: json(signupInFull, 'The signup.'), ...problems(401, 404) },
})

// The body is read by our own reader, so that broken JSON gets a problem document: here it is described only.
const correction = createRoute({
  method: 'post',
  path: '/api/signups/{id}/correct',
  tags,
  security,
  summary: 'Put a mistyped address right',
  description:
    'Makes a new signup with its letter, for the right address; this one is `replaced`. While it is pending, invalid or expired.',
  request: { params },
  responses: {
    201: json(signupInFull, 'The new signup.'),
    ...problems(400, 401, 404, 409, 413, 415, 422),
  },
})

const again = createRoute({
  method: 'post',
  path: '/api/signups/{id}/resend',
  tags,
  security,
  summary: 'Send one more letter',
  description:
    'Outside the limits. While the signup is pending, invalid or expired; one that has ended starts anew.',
  request: { params },
  responses: {
    202: json(signupInFull, 'The signup that the letter belongs to.'),
    ...problems(401, 404, 409),
  },
})

export function signupRecordRoutes(deps: AdminDeps): HttpRoutes {
  const routes = newRoutes()

  async function inFull(id: string) {
    const found = await findInFull(deps, id)
    if (found === null) throw unknownSignup()
    return fullJson(found)
  }

  routes.openapi(some, async (c) => {
    const { email = null, list = null, status = null, bounced, limit, cursor = null } = c.req.valid('query')
    const isBounced = bounced === undefined ? null : bounced === 'true'
    const found = await search(deps, { email, list, status, bounced: isBounced, limit, cursor })
    if (found.kind === 'refused') throw refusals[found.field]()
    return c.json({ items: found.items.map(signupJson), next: found.next }, 200)
  })
  routes.openapi(one, async (c) => c.json(await inFull(c.req.valid('param').id), 200))
  routes.openAPIRegistry.registerPath({
    ...correction,
    request: { params, body: { required: true, content: { 'application/json': { schema: correctInput } } } },
  })
  routes.openapi({ ...correction, hide: true }, async (c) => {
    const { id } = c.req.valid('param')
    const { email } = await readInput(c, correctInput)
    if (!isSignupId(id)) throw unknownSignup()
    return c.json(await inFull(sentTo(await correct(deps, { signupId: id, email }))), 201)
  })
  routes.openapi(again, async (c) => {
    const { id } = c.req.valid('param')
    if (!isSignupId(id)) throw unknownSignup()
    return c.json(await inFull(sentTo(await resend(deps, id))), 202)
  })
  return routes
}

const refusals = {
  email: badEmail,
  list: () => problem(400, 'bad-request', 'There is no list of this name.', { field: 'list' }),
  cursor: badCursor,
}

function unknownSignup() {
  return problem(404, 'not-found', 'There is no such signup.')
}

/** The signup that the letter goes out for; everything else is a problem. */
function sentTo(outcome: AdminOutcome): string {
  switch (outcome.kind) {
    case 'sent':
      return outcome.signupId
    case 'unknown':
      throw unknownSignup()
    case 'not-now':
      throw problem(409, 'wrong-status', 'The signup is neither pending nor invalid nor expired.')
    case 'declined':
      throw problem(
        409,
        'declined',
        'The owner of the address has asked for no letters. Lift the suppression first.',
      )
    case 'same-address':
      throw problem(409, 'same-address', 'This is the address that the signup has already.', {
        field: 'email',
      })
    case 'invalid-email': {
      const { reason, detail, suggestion } = outcome.invalid
      const better = suggestion === null ? {} : { suggestion }
      throw problem(422, 'invalid-email', detail, { field: 'email', reason, ...better })
    }
  }
}
