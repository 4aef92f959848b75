// The form as the document tells of it: its page, its script and its words.
import { createRoute, z } from '@hono/zod-openapi'
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

export function formPaths() {
  return [
    form,
    file('/embed.js', 'The script that makes a plain form a live one', 'text/javascript'),
    file('/embed.d.ts', 'Its types', 'text/plain'),
    words,
  ]
}
