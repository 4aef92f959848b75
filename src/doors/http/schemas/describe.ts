// Words for the OpenAPI document that all routes share.
import type { z } from '@hono/zod-openapi'
import { problemSchema } from './problem.ts'

/** An answer in JSON, as `responses` has it. */
export function json<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

const words: Readonly<Record<number, string>> = {
  400: 'Something in the request is not as it should be; `field` names it.',
  401: 'No proof of who asks, or a wrong one.',
  403: 'Not from the site that the form stands on.',
  404: 'There is no such thing.',
  409: 'Not in the state that it is in.',
  410: 'The link does not act any more.',
  413: 'The body is too large.',
  415: 'The body is in another format.',
  422: 'The address cannot be one.',
  429: 'Too many; `Retry-After` says when to come again.',
  503: 'Not just now; `Retry-After` says when to come again.',
}

/** Handlers throw these, so they say nothing about what a handler returns. */
export function problems(...statuses: readonly number[]): Record<never, never> {
  const content = { 'application/problem+json': { schema: problemSchema } }
  return Object.fromEntries(
    statuses.map((status) => [status, { description: words[status] ?? 'A problem.', content }]),
  )
}
