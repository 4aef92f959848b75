import { createRoute, z } from '@hono/zod-openapi'
import { expect, test } from 'vitest'
import { requireBearer } from '../../../../src/doors/http/shell/bearer.ts'
import { readInput } from '../../../../src/doors/http/shell/body.ts'
import { newRoutes } from '../../../../src/doors/http/shell/http-env.ts'
import { describeBody } from '../../../../src/doors/http/shell/openapi.ts'
import { openShell } from './open-shell.ts'

const List = z.object({ name: z.string().max(20) })
const putList = createRoute({
  method: 'put',
  path: '/api/lists/{slug}',
  middleware: [requireBearer('token')] as const,
  request: { params: z.object({ slug: z.string().regex(/^[a-z]+$/) }), body: describeBody(List) },
  responses: {
    200: { description: 'Changed', content: { 'application/json': { schema: List } } },
  },
})
const shell = openShell()
const routes = newRoutes()
routes.openapi(putList, async (c) => {
  const list = await readInput(c, List)
  return c.json({ name: `${c.req.valid('param').slug}: ${list.name} ${shell.clientOf(c).address}` }, 200)
})
shell.app.route('/', routes)

const put = (slug: string, body: unknown) =>
  shell.app.request(`/api/lists/${slug}`, {
    method: 'PUT',
    body: JSON.stringify(body),
    headers: { Authorization: 'Bearer token', 'Content-Type': 'application/json' },
  })

test('a described route reads its body through the shell', async () => {
  expect(await (await put('news', { name: 'x' })).json()).toEqual({ name: 'news: x null' })
  expect(await (await put('news', { name: 1 })).json()).toMatchObject({ code: 'bad-request', field: 'name' })
  expect((await put('news', { name: 'x'.repeat(70_000) })).status).toBe(413)
})

test('a parameter that its schema refuses is a problem document', async () => {
  const answer = await put('NEWS', { name: 'x' })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ code: 'bad-request', field: 'slug' })
})

test('the document has the body’s schema', () => {
  const document = shell.app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Ayes', version: '1' } })
  const operation = document.paths?.['/api/lists/{slug}']?.put
  expect(operation?.requestBody).toMatchObject({
    content: { 'application/json': { schema: { properties: { name: { type: 'string', maxLength: 20 } } } } },
  })
})
