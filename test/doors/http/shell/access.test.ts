import { describe, expect, test } from 'vitest'
import type { Observation } from '../../../../src/doors/http/shell/access.ts'
import { requireBearer } from '../../../../src/doors/http/shell/bearer.ts'
import { newRoutes } from '../../../../src/doors/http/shell/http-env.ts'
import { requestLocale } from '../../../../src/doors/http/shell/locale.ts'
import { inlineStyles } from '../../../../src/doors/http/shell/pages.ts'
import { openShell } from './open-shell.ts'

describe('an observation', () => {
  const seen: Observation[] = []
  const { app, logged } = openShell({ observe: (observation) => seen.push(observation) })
  app.use('/api/*', requireBearer('the-right-token'))
  app.get('/confirm/:token', (c) => c.text('hello'))
  app.get('/broken', () => {
    throw new Error('broken')
  })
  const observe = async (path: string, method = 'GET') => {
    await app.request(path, { method })
    const { route, method: verb, statusClass } = seen.at(-1) ?? {}
    return [route, verb, statusClass]
  }

  test('names the route by its pattern, never by its path', async () => {
    expect(await observe('/confirm/secret-token')).toEqual(['/confirm/:token', 'GET', '2xx'])
    expect(JSON.stringify([seen, logged])).not.toContain('secret')
  })

  test('of no route is "unmatched", of a strange method "other", of an error 5xx', async () => {
    expect(await observe('/wp-login.php')).toEqual(['unmatched', 'GET', '4xx'])
    expect(await observe('/api/secret')).toEqual(['unmatched', 'GET', '4xx'])
    expect(await observe('/confirm/secret', 'BREW')).toEqual(['unmatched', 'other', '4xx'])
    expect(await observe('/broken')).toEqual(['/broken', 'GET', '5xx'])
    expect(await observe('/confirm/x', 'HEAD')).toEqual(['/confirm/:token', 'HEAD', '2xx'])
  })
})

describe('a bearer token', () => {
  const { app } = openShell()
  app.use('/api/*', requireBearer('admin-token', null, '', 'second-token'))
  app.get('/api/x', (c) => c.text('in'))
  const status = async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { Authorization: authorization }
    return (await app.request('/api/x', { headers })).status
  }

  test('lets in whichever of the accepted ones it is', async () => {
    expect(await status('Bearer admin-token')).toBe(200)
    expect(await status('bearer  second-token ')).toBe(200)
  })

  test.each([
    undefined,
    'Bearer',
    'Bearer ',
    'Bearer wrong',
    'Bearer admin-token-and-more',
    'Basic admin-token',
    'admin-token',
    'Bearer null',
  ])('%s is 401', async (authorization) => {
    expect(await status(authorization)).toBe(401)
  })

  test('is asked for with WWW-Authenticate', async () => {
    const answer = await app.request('/api/x')
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="ayes"')
    expect(await answer.json()).toMatchObject({ code: 'unauthorized' })
  })
})

describe('scripts of other sites', () => {
  const shellFor = (allowedOrigins: '*' | string[]) => {
    const shell = openShell({ allowedOrigins })
    shell.app.post('/signups', (c) => c.json({}, 202))
    shell.app.get('/signups/:handle/events', (c) => c.json({}))
    shell.app.get('/api/x', (c) => c.json({}))
    return shell.app
  }
  const Origin = 'https://shop.example'
  const allow = async (app: ReturnType<typeof shellFor>, path: string, method: string) =>
    (await app.request(path, { method, headers: { Origin } })).headers.get('access-control-allow-origin')

  test('may read the public endpoints, errors too, and never /api', async () => {
    const app = shellFor('*')
    expect(await allow(app, '/signups', 'POST')).toBe('*')
    expect(await allow(app, '/signups/h/events', 'GET')).toBe('*')
    expect(await allow(app, '/signups/h/none', 'GET')).toBe('*')
    expect(await allow(app, '/api/x', 'GET')).toBe(null)
  })

  test('ask beforehand and are told without credentials', async () => {
    const headers = { Origin, 'Access-Control-Request-Method': 'POST' }
    const answer = await shellFor('*').request('/signups', { method: 'OPTIONS', headers })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-headers')).toContain('Content-Type')
    expect(answer.headers.get('access-control-expose-headers')).toBe('Retry-After')
    expect(answer.headers.get('access-control-allow-credentials')).toBe(null)
  })

  test('of a listed site only, where there is a list', async () => {
    expect(await allow(shellFor([Origin]), '/signups', 'POST')).toBe(Origin)
    const other = await shellFor(['https://other.example']).request('/signups', {
      method: 'POST',
      headers: { Origin },
    })
    expect(other.headers.get('access-control-allow-origin')).toBe(null)
    expect(other.headers.get('vary')).toContain('Origin')
  })
})

describe('a page', () => {
  const html = '<style>p { color: red }</style><p>x</p>'
  const { app, sendPage } = openShell({ styles: inlineStyles(html) })
  app.get('/page', (c) => sendPage(c, html))
  app.get('/token', (c) => sendPage(c, html, { holdsToken: true, formTargets: ['https://a.example/x;y?z'] }))

  test('may show itself and nothing else', async () => {
    const policy = (await app.request('/page')).headers.get('content-security-policy')
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; .*form-action 'self'; frame-ancestors 'none'$/,
    )
  })

  test('that holds a token is not kept, not indexed and not told of', async () => {
    const { headers } = await app.request('/token')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-robots-tag')).toContain('noindex')
    expect(headers.get('content-security-policy')).toContain("form-action 'self' https://a.example;")
  })
})

describe('PUBLIC_URL with a path', () => {
  const { app } = openShell({ basePath: '/lists' })
  const routes = newRoutes()
  routes.get('/confirm/:token', (c) => c.text(c.req.param('token')))
  app.route('/', routes)

  test('serves at the root and under the path, and points into its own docs', async () => {
    expect(await (await app.request('/confirm/t')).text()).toBe('t')
    expect(await (await app.request('/lists/confirm/t')).text()).toBe('t')
    expect((await app.request('/listsconfirm/t')).status).toBe(404)
    expect(await (await app.request('/none')).json()).toMatchObject({ type: '/lists/docs#not-found' })
  })

  test('that is named like a route keeps that route whole', async () => {
    const shell = openShell({ basePath: '/signups' })
    shell.app.get('/signups/:handle', (c) => c.text(c.req.param('handle')))
    shell.app.get('/confirm/:token', (c) => c.text(`confirm ${c.req.param('token')}`))
    expect(await (await shell.app.request('/signups/handle')).text()).toBe('handle')
    expect(await (await shell.app.request('/signups/confirm/t')).text()).toBe('confirm t')
    expect(await (await shell.app.request('/signups/signups/handle')).text()).toBe('handle')
  })
})

test('a language is the one asked for, else the browser’s, else the list’s', async () => {
  const { app } = openShell()
  const available = ['en', 'de', 'fr']
  app.get('/:asked?', (c) => c.text(requestLocale(c, available, { asked: c.req.param('asked'), list: 'de' })))
  const headers = { 'Accept-Language': 'xx, fr;q=0.5' }
  expect(await (await app.request('/de-AT', { headers })).text()).toBe('de')
  expect(await (await app.request('/', { headers })).text()).toBe('fr')
  expect(await (await app.request('/')).text()).toBe('de')
})
