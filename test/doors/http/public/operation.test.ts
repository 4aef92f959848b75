// What a load balancer, a monitoring system and a newcomer ask, and answers to what is not there.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectProblem, html, json, newAddress } from '../../../support/http.ts'
import { adminToken, startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService
let guarded: TestService
const metricsToken = 'metrics-token-for-tests-only-1'
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const proxied = { 'x-forwarded-for': '192.0.2.1' }

beforeAll(async () => {
  service = await startTestService({ ALLOWED_ORIGINS: 'https://site.example,https://other.example' })
  guarded = await startTestService({ METRICS_TOKEN: metricsToken, DATABASE_URL: service.databaseUrl })
})
afterAll(async () => {
  await guarded.close()
  await service.close()
})

test('alive and ready', async () => {
  expect((await service.fetch('/healthz')).status).toBe(200)
  expect((await service.fetch('/readyz')).status).toBe(200)
  expect(await json(await service.fetch('/readyz'))).toMatchObject({ status: 'ready' })
})

test('not ready while a migration is missing, with a word why and when to come again', async () => {
  const { db } = service.service
  const table = { name: 'a step that this release knows' }
  const rows = await db.executeQuery<{ name: string; timestamp: string }>({
    sql: 'delete from kysely_migration where name = (select max(name) from kysely_migration) returning *',
    parameters: [],
    query: { kind: 'RawNode', sqlFragments: [], parameters: [] },
    queryId: { queryId: table.name },
  })
  const answer = await service.fetch('/readyz')
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(await json(answer)).toMatchObject({ code: 'not-ready', detail: expect.stringContaining('migrat') })
  expect((await service.fetch('/healthz')).status).toBe(200)
  expect(rows.rows).toHaveLength(1)
  await db.executeQuery({
    sql: 'insert into kysely_migration (name, timestamp) values ($1, $2)',
    parameters: [rows.rows[0]?.name, rows.rows[0]?.timestamp],
    query: { kind: 'RawNode', sqlFragments: [], parameters: [] },
    queryId: { queryId: table.name },
  })
  expect((await service.fetch('/readyz')).status).toBe(200)
})

describe('metrics', () => {
  const cases: readonly [string, () => Promise<Response>, number][] = [
    ['without METRICS_TOKEN: a direct caller from loopback', () => service.fetch('/metrics'), 200],
    [
      'without: somebody behind a proxy on this machine',
      () => service.fetch('/metrics', { headers: proxied }),
      401,
    ],
    [
      'without: the admin behind a proxy',
      () => service.fetch('/metrics', { headers: { ...proxied, ...bearer(adminToken) } }),
      200,
    ],
    [
      'without: another token behind a proxy',
      () => service.fetch('/metrics', { headers: { ...proxied, ...bearer('x'.repeat(30)) } }),
      401,
    ],
    [
      'with METRICS_TOKEN: that token',
      () => guarded.fetch('/metrics', { headers: bearer(metricsToken) }),
      200,
    ],
    ['with: a direct caller from loopback', () => guarded.fetch('/metrics'), 401],
    ['with: another token', () => guarded.fetch('/metrics', { headers: bearer('x'.repeat(30)) }), 401],
  ]
  test.each(cases)('%s', async (_, ask, status) => {
    expect((await ask()).status).toBe(status)
  })

  test('are Prometheus text, and no label comes from visitors', async () => {
    const mark = `visitor-${Math.random()}`
    await service.signUp({ email: newAddress(), source: mark }, { 'user-agent': mark })
    await service.fetch(`/${mark}`)
    await service.fetch(`/signups/${mark}`)
    await service.fetch('/healthz', { method: 'PROPFIND' })
    const answer = await service.fetch('/metrics')
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
    const text = await answer.text()
    expect(text).toMatch(/^# TYPE \S+ (counter|histogram|gauge)$/m)
    expect(text).not.toContain(mark)
    expect(text).not.toContain('PROPFIND')
    expect(text).not.toContain('example.com')
  })
})

describe('what is not there', () => {
  test.each([
    '/nothing',
    '/signups/x/y/z',
    '/confirm',
    '/confirm/',
    '/unsubscribe/a/b',
    '//',
    '/..%2f',
    '/%e0%a4%a',
  ])('%s is 404, as a document or a page', async (path) => {
    const answer = await service.fetch(path)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    const page = await service.fetch(path, { headers: html })
    expect(page.status).toBe(404)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
  })

  test.each([
    ['GET', '/signups', 'POST'],
    ['PUT', '/signups', 'POST'],
    ['DELETE', '/confirm/x', 'GET, HEAD, POST'],
    ['POST', '/suggestions', 'GET, HEAD'],
    ['POST', '/signups/x', 'GET, HEAD'],
    ['GET', '/confirm/x/renew', 'POST'],
    ['PATCH', '/unsubscribe/x', 'GET, HEAD, POST'],
  ])('%s %s is 405 and says what is', async (method, path, allow) => {
    const answer = await service.fetch(path, { method })
    expect(answer.headers.get('allow')).toBe(allow)
    await expectProblem(answer, 405, 'method-not-allowed')
  })

  test('its path is never repeated unescaped', async () => {
    const answer = await service.fetch('/%3Cscript%3Ealert(1)%3C/script%3E', { headers: html })
    expect(await answer.text()).not.toContain('<script>alert')
  })
})

describe('scripts of other sites', () => {
  const preflight = (path: string, origin: string) =>
    service.fetch(path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })

  test('that are allowed may sign up and follow the letter, without credentials', async () => {
    const origin = 'https://site.example'
    const asked = await preflight('/signups', origin)
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe(origin)
    expect(asked.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('content-type')
    for (const answer of [
      await service.signUp({ email: newAddress() }, { origin }),
      await service.signUp({}, { origin }),
      await service.fetch('/signups/x', { headers: { origin } }),
      await service.fetch('/signups/x/events', { headers: { origin } }),
    ]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
      expect(answer.headers.get('vary')).toContain('Origin')
    }
  })

  test('that are not allowed may not', async () => {
    for (const origin of [
      'https://evil.example',
      'https://site.example.evil.example',
      'http://site.example',
      'null',
    ]) {
      const answers = [
        await preflight('/signups', origin),
        await service.signUp({ email: newAddress() }, { origin }),
      ]
      for (const answer of answers) expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  test("never reach the admin's API, the metrics or the links", async () => {
    const origin = 'https://site.example'
    for (const path of [
      '/api/lists',
      '/api/signups',
      '/metrics',
      '/confirm/x',
      '/unsubscribe/x',
      '/dev/mailbox',
    ]) {
      expect((await preflight(path, origin)).headers.get('access-control-allow-origin')).toBeNull()
      const answer = await service.fetch(path, { headers: { origin, ...bearer(adminToken) } })
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})

test('the start page leads a newcomer on', async () => {
  const page = await (await service.fetch('/', { headers: html })).text()
  for (const path of ['/forms/default', '/dev/mailbox', '/docs', '/openapi.json'])
    expect(page).toContain(path)
})
