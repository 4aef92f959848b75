import { createRoute, z } from '@hono/zod-openapi'
import { erasePerson } from '../../../flows/erase-person.ts'
import { type Person, showPerson } from '../../../flows/show-person.ts'
import { json, problems } from '../schemas/describe.ts'
import { personAnswer } from '../schemas/signup-record.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { problem } from '../shell/problem.ts'
import { type AdminDeps, badEmail, adminSecurity as security } from './admin-deps.ts'
import { eventJson, letterJson, signupJson } from './signup-json.ts'
import { suppressionJson } from './suppressions.ts'

const tags = ['People']
const params = z.object({ email: z.string() })

const show = createRoute({
  method: 'get',
  path: '/api/people/{email}',
  tags,
  security,
  summary: 'Everything known about a person',
  request: { params },
  responses: { 200: json(personAnswer, 'What is kept.'), ...problems(400, 401, 404) },
})

const erase = createRoute({
  method: 'delete',
  path: '/api/people/{email}',
  tags,
  security,
  summary: 'Erase a person everywhere',
  description:
    'Signups with their letters, events and reports, unmatched reports that mention the address, and letters in the dev mailbox. A suppression in force stays as a hash. The departures tell of it for 90 days.',
  request: { params },
  responses: { 204: { description: 'Nothing is kept any more.' }, ...problems(400, 401) },
})

export function peopleRoutes(deps: AdminDeps): HttpRoutes {
  const routes = newRoutes()
  routes.openapi(show, async (c) => {
    const found = await showPerson(deps, c.req.valid('param').email)
    if (found.kind === 'invalid-email') throw badEmail()
    if (found.kind !== 'known') throw problem(404, 'not-found', 'Nothing is known about this person.')
    return c.json(personJson(found.person), 200)
  })
  routes.openapi(erase, async (c) => {
    if (!(await erasePerson(deps, c.req.valid('param').email))) throw badEmail()
    return c.body(null, 204)
  })
  return routes
}

function personJson(person: Person): z.input<typeof personAnswer> {
  return {
    email: person.email,
    signups: person.signups.map(({ signup, letters, events }) => ({
      ...signupJson(signup),
      consent: signup.consent,
      consent_as_posted: signup.consentAsPosted,
      signup_ip: signup.signupClient,
      confirm_ip: signup.confirmClient,
      letters: letters.map((letter) => ({ ...letterJson(letter), recipient: letter.recipient })),
      events: events.map((event) => ({ ...eventJson(event), ip: event.client, agent: event.agent })),
    })),
    suppression: person.suppression === null ? null : suppressionJson(person.suppression),
    departures: person.departures.map(({ list, email, leftAt, why }) => ({
      list,
      email,
      left_at: leftAt.toISOString(),
      why,
    })),
    bounces: person.bounces.map(({ id, receivedAt, door, category, status, reply, recipient, matched }) => ({
      id,
      received_at: receivedAt.toISOString(),
      door,
      category,
      status,
      reply,
      recipient,
      matched,
    })),
  }
}
