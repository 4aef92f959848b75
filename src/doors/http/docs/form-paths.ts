// The form as the document tells of it: its page, its script and its words.
import { createRoute, z } from '@hono/zod-openapi'
import { challengeSchema, proofAskedSchema } from '../schemas/challenge.ts'
import { json, problems } from '../schemas/describe.ts'
import { wordsAnswer, wordsQuery } from '../schemas/script-words.ts'

const signups = ['Signing up']
const list = z.object({ list: z.string() })

function file(path: string, summary: string, type: string) {
  return createRoute({
    method: 'get',
    path,
    tags: signups,
    summary,
    description: 'Kept for an hour; `ETag` and `If-None-Match` work.',
    responses: { 200: { description: 'The file.', content: { [type]: { schema: z.string() } } } },
  })
}

const words = createRoute({
  method: 'get',
  path: '/embed.json',
  tags: signups,
  summary: 'What the script of the form says, in one language',
  request: { query: wordsQuery },
  responses: { 200: json(wordsAnswer, 'Words, and where mailboxes are opened.'), ...problems(404) },
})

const form = createRoute({
  method: 'get',
  path: '/forms/{list}',
  tags: signups,
  summary: 'A page with the form',
  request: { params: list },
  responses: {
    200: { description: 'The form.', content: { 'text/html': { schema: z.string() } } },
    ...problems(404),
  },
})

/** A form's post may be told so. */
export const proofNeeded = {
  description: 'A proof of work is asked for just now: solve the challenge and send the same again.',
  content: { 'application/problem+json': { schema: proofAskedSchema } },
}

const challenge = createRoute({
  method: 'get',
  path: '/challenge',
  tags: signups,
  summary: 'Work to be done ahead, where a proof may be asked for',
  description:
    'ALTCHA’s challenge (version 2). Its proof counts from one second after it was made, once, for ten minutes. 404 where no proof is ever asked for.',
  responses: { 200: json(challengeSchema, 'The challenge.'), ...problems(404, 429) },
})

export function formPaths() {
  return [
    challenge,
    form,
    file('/embed.js', 'The script that makes a plain form a live one', 'text/javascript'),
    file('/proof.js', 'The script of the page that does the work for a plain form', 'text/javascript'),
    file('/embed.d.ts', 'Its types', 'text/plain'),
    words,
  ]
}
