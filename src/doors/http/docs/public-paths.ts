// The public routes as the document tells of them, from the schemas that their handlers use.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { json, problems } from '../schemas/describe.ts'
import { aliveAnswer, bounceAnswer, declineAnswer, readyAnswer, unsubscribeAnswer } from '../schemas/link.ts'
import { didYouMean, problemSchema } from '../schemas/problem.ts'
import { confirmAnswer, letterAnswer, signupAnswer, signupInput } from '../schemas/signup.ts'
import { suggestionAnswer, suggestionQuery } from '../schemas/suggestion.ts'
import type { HttpEnv } from '../shell/http-env.ts'
import { formPaths, proofNeeded } from './form-paths.ts'
import { registerWebhookSecurity, webhookPaths } from './webhook-paths.ts'

const signups = ['Signing up']
const links = ['Links in letters']
const operation = ['Operation']
const pageOrJson = ' A browser gets a page.'

const token = z.object({ token: z.string() })
const handle = z.object({ handle: z.string() })

function page(description: string) {
  return { description, content: { 'text/html': { schema: z.string() } } }
}

const accepted = json(signupAnswer, 'Accepted.')
const seeOther = { description: 'For a browser: it is led to the next page.' }

const signUp = createRoute({
  method: 'post',
  path: '/signups',
  tags: signups,
  summary: 'Sign an address up for a list',
  description: `Sends a letter with a link to confirm. In a form attributes are fields \`attributes[name]\`, and \`as_typed\` is \`on\`, \`1\` or \`true\`.${pageOrJson}`,
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: signupInput },
        'application/x-www-form-urlencoded': { schema: signupInput },
        'multipart/form-data': { schema: signupInput },
      },
    },
  },
  responses: {
    202: accepted,
    303: seeOther,
    ...problems(400, 403, 404, 413, 415, 422, 429, 503),
    409: {
      description: 'The address looks mistyped: nothing was stored and nothing sent.',
      content: { 'application/problem+json': { schema: didYouMean } },
    },
    428: proofNeeded,
  },
})

const suggestions = createRoute({
  method: 'get',
  path: '/suggestions',
  tags: signups,
  summary: 'What an address, or a bare domain, probably should be',
  description: 'Give either `email` or `domain`. Stores nothing.',
  request: { query: suggestionQuery },
  responses: {
    200: json(suggestionAnswer, 'The reading, and a better one where there is one.'),
    ...problems(400, 422, 429),
  },
})

const follow = createRoute({
  method: 'get',
  path: '/signups/{handle}',
  tags: signups,
  summary: 'What became of the letter',
  description: `For whoever made this signup, for 24 hours.${pageOrJson}`,
  request: { params: handle },
  responses: { 200: json(letterAnswer, 'The state of the letter.'), ...problems(404) },
})

const events = createRoute({
  method: 'get',
  path: '/signups/{handle}/events',
  tags: signups,
  summary: 'The same as server-sent events',
  description: 'Events named `letter`, from the current state on, until it is final or 15 minutes are over.',
  request: { params: handle },
  responses: {
    200: { description: 'The events.', content: { 'text/event-stream': { schema: z.string() } } },
    204: { description: 'The final event was received before.' },
    ...problems(404, 429, 503),
  },
})

function shown(path: string, summary: string, statuses: readonly number[]) {
  return createRoute({
    method: 'get',
    path,
    tags: links,
    summary,
    description: 'Changes nothing, whatever the query.',
    request: { params: token },
    responses: { 200: page('A page with a button.'), ...problems(...statuses) },
  })
}

function acted<S extends z.ZodType>(
  path: string,
  words: { summary: string; answer: S; statuses: readonly number[] },
) {
  return createRoute({
    method: 'post',
    path,
    tags: links,
    summary: words.summary,
    description: `Needs no body, cookie or Origin.${pageOrJson}`,
    request: { params: token },
    responses: { 200: json(words.answer, 'Done.'), 303: seeOther, ...problems(...words.statuses) },
  })
}

const renew = createRoute({
  method: 'post',
  path: '/confirm/{token}/renew',
  tags: links,
  summary: 'Ask for a fresh letter',
  request: { params: token },
  responses: { 202: accepted, 303: seeOther, ...problems(404, 410, 429) },
})

const report = createRoute({
  method: 'post',
  path: '/bounces/message',
  tags: ['Bounces'],
  security: [{ admin: [] }, { bounces: [] }],
  summary: 'Hand in a bounce message',
  description:
    'Up to 5 MB. It counts when it carries the token of one of our letters; the same message counts once.',
  request: { body: { required: true, content: { 'message/rfc822': { schema: z.string() } } } },
  responses: { 202: json(bounceAnswer, 'Taken.'), ...problems(401, 413, 415, 503) },
})

const notReady = {
  description: 'Not ready: `detail` says why.',
  content: { 'application/problem+json': { schema: problemSchema } },
}
const alive = createRoute({
  method: 'get',
  path: '/healthz',
  tags: operation,
  summary: 'Is the process alive?',
  responses: { 200: json(aliveAnswer, 'It is.') },
})
const ready = createRoute({
  method: 'get',
  path: '/readyz',
  tags: operation,
  summary: 'Can it work?',
  responses: { 200: json(readyAnswer, 'It can.'), 503: notReady },
})
const metrics = createRoute({
  method: 'get',
  path: '/metrics',
  tags: operation,
  security: [{ metrics: [] }, { admin: [] }],
  summary: 'Figures for Prometheus',
  responses: {
    200: { description: 'The figures.', content: { 'text/plain': { schema: z.string() } } },
    401: { description: 'No token.', content: { 'application/problem+json': { schema: problemSchema } } },
  },
})
const document = createRoute({
  method: 'get',
  path: '/openapi.json',
  tags: operation,
  summary: 'This description, for programs',
  responses: { 200: json(z.record(z.string(), z.unknown()), 'OpenAPI 3.1.') },
})
const docs = createRoute({
  method: 'get',
  path: '/docs',
  tags: operation,
  summary: 'This description, for people',
  responses: { 200: page('A page.') },
})

const home = createRoute({
  method: 'get',
  path: '/',
  tags: operation,
  summary: 'Where everything is, for a newcomer',
  responses: { 200: page('A page.') },
})

export function publicPaths() {
  return [
    signUp,
    suggestions,
    follow,
    events,
    ...formPaths(),
    shown('/confirm/{token}', 'The page of a confirmation link', [404, 410]),
    acted('/confirm/{token}', { summary: 'Confirm', answer: confirmAnswer, statuses: [404, 410] }),
    renew,
    shown('/unsubscribe/{token}', 'The page of an unsubscribe link', [404, 410]),
    acted('/unsubscribe/{token}', {
      summary: 'Leave the list, also by one click (RFC 8058)',
      answer: unsubscribeAnswer,
      statuses: [404],
    }),
    shown('/not-me/{token}', 'The page of a not-me link', [404, 410]),
    acted('/not-me/{token}', {
      summary: 'Decline: it was somebody else',
      answer: declineAnswer,
      statuses: [404, 410],
    }),
    acted('/not-me/{token}/undo', { summary: 'Take that back', answer: declineAnswer, statuses: [404, 410] }),
    report,
    ...webhookPaths(),
    alive,
    ready,
    metrics,
    home,
    document,
    docs,
  ]
}

export type Registry = OpenAPIHono<HttpEnv>['openAPIRegistry']

export function registerPublicPaths(registry: Registry): void {
  registerWebhookSecurity(registry)
  for (const route of publicPaths()) registry.registerPath(route)
  for (const [name, setting] of [
    ['bounces', 'BOUNCE_TOKEN'],
    ['metrics', 'METRICS_TOKEN'],
  ] as const) {
    registry.registerComponent('securitySchemes', name, {
      type: 'http',
      scheme: 'bearer',
      description: `${setting}.`,
    })
  }
}
