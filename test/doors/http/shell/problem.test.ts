import { HTTPException } from 'hono/http-exception'
import { describe, expect, test } from 'vitest'
import { problem } from '../../../../src/doors/http/shell/problem.ts'
import { openShell } from './open-shell.ts'

const BROWSER = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

function shellThat(fail: () => never, options: Parameters<typeof openShell>[0] = {}) {
  const shell = openShell(options)
  shell.app.get('/x', () => fail())
  return shell
}

describe('a problem that is thrown', () => {
  const { app } = shellThat(
    () => {
      throw problem(429, 'too-many', 'Too many signups.', { field: 'email', retryAfter: 12.2 })
    },
    { renderProblemPage: (_c, wrong) => `<h1>${wrong.code}</h1>` },
  )

  test('is a problem document with code, field and Retry-After', async () => {
    const answer = await app.request('/x')
    expect(answer.status).toBe(429)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('retry-after')).toBe('13')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await answer.json()).toEqual({
      type: '/docs#too-many',
      title: 'Too many',
      status: 429,
      detail: 'Too many signups.',
      code: 'too-many',
      field: 'email',
    })
  })

  test('is a page of the same status for a browser', async () => {
    const answer = await app.request('/x', { headers: BROWSER })
    expect(answer.status).toBe(429)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('retry-after')).toBe('13')
    expect(await answer.text()).toBe('<h1>too-many</h1>')
  })
})

test('a page that cannot be rendered leaves the document', async () => {
  const { app, logged } = openShell({
    renderProblemPage: () => {
      throw new Error('no template')
    },
  })
  const answer = await app.request('/nowhere', { headers: BROWSER })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  expect(logged).toContainEqual(expect.objectContaining({ event: 'problem-page-failed' }))
})

test('an unexpected error is a 500 that says its incident only; the log has both', async () => {
  const error = new Error('row of ann@example.com failed')
  const { app, logged } = shellThat(() => {
    throw error
  })
  const answer = await app.request('/x')
  const text = await answer.text()
  expect(answer.status).toBe(500)
  expect(text).not.toMatch(/ann|failed/)
  const entry = logged.find((one) => one.event === 'request-failed')
  expect(entry?.fields).toEqual({ error, incident: expect.any(String) })
  expect(text).toContain(
    String(Object.entries(entry?.fields ?? {}).find(([name]) => name === 'incident')?.[1]),
  )
})

test('a database that is away is 503 with Retry-After', async () => {
  const { app } = shellThat(() => {
    throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
  })
  const answer = await app.request('/x')
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await answer.json()).toMatchObject({ code: 'unavailable' })
})

test('an exception of hono keeps its status and loses its message', async () => {
  const { app } = shellThat(() => {
    throw new HTTPException(415, { message: 'you sent <secret>' })
  })
  const answer = await app.request('/x')
  expect(answer.status).toBe(415)
  expect(await answer.json()).toMatchObject({
    code: 'unsupported-media-type',
    detail: 'Unsupported Media Type.',
  })
})

test('what is no route is 404, and a wrong method 405 with the right ones', async () => {
  const { app } = openShell()
  app.use('/api/*', (_c, next) => next())
  app.get('/things/:id', (c) => c.text('here'))
  app.delete('/things/:id', (c) => c.text('gone'))
  expect(await (await app.request('/nowhere')).json()).toMatchObject({ status: 404, code: 'not-found' })
  expect((await app.request('/api/none')).status).toBe(404)
  const answer = await app.request('/things/1', { method: 'POST' })
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE'])
})

test('a NUL in the path or the query is 400', async () => {
  const { app } = openShell()
  app.get('/things/:id', (c) => c.text('here'))
  expect((await app.request('/things/a%00b')).status).toBe(400)
  expect((await app.request('/things/a?email=a%00b')).status).toBe(400)
})
