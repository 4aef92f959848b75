// Which scripts of other sites read what: exactly the sites that are named, and only what a form needs.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newAddress } from '../../../support/http.ts'
import { allowedOrigin, preflight, putList } from '../../../support/list-sites.ts'
import { adminToken, startTestService, type TestService } from '../../../support/running-service.ts'

const site = 'https://site.example'
const ofList = 'https://list.example:8443'
let service: TestService
let open: TestService

beforeAll(async () => {
  service = await startTestService({ ALLOWED_ORIGINS: site })
  open = await startTestService({ DATABASE_URL: service.databaseUrl })
  await putList(service, 'own', { allowed_origins: [ofList] })
})
afterAll(async () => {
  await open?.close()
  await service?.close()
})

const lookAlikes = [
  'https://site.example.evil.com',
  'https://evil-site.example',
  'https://evilsite.example',
  'https://sub.site.example',
  'https://site.exampleevil',
  'https://site.example.',
  'https://site.example:444',
  'https://site.example:443',
  'http://site.example',
  'HTTPS://SITE.EXAMPLE',
  'https://Site.Example',
  'https://user@site.example',
  'https://site.example@evil.com',
  'https://site.example/',
  'https://site.example/x',
  'https://site.example, https://evil.com',
  'https://site.example https://evil.com',
  'https://list.example',
  'https://list.example:84430',
  'null',
  '*',
  'undefined',
  'file://',
]

describe.each(lookAlikes)('%s is not the site that it looks like', (origin) => {
  test('and reads nothing', async () => {
    const answers = [
      await preflight(service, '/signups', { origin }),
      await service.signUp({ email: newAddress() }, { origin }),
      await service.signUp({ email: newAddress(), list: 'own' }, { origin }),
      await service.fetch('/suggestions?domain=gmial.com', { headers: { origin } }),
      await service.fetch('/signups/x', { headers: { origin } }),
      await service.fetch('/signups/x/events', { headers: { origin } }),
    ]
    for (const answer of answers) {
      expect(allowedOrigin(answer)).toBeNull()
      expect(answer.headers.get('vary')).toContain('Origin')
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    }
  })
})

test.each([site, ofList])('%s reads what a form needs, by its exact name', async (origin) => {
  for (const path of ['/suggestions?domain=gmial.com', '/signups/x', '/signups/x/events']) {
    const answer = await service.fetch(path, { headers: { origin } })
    expect([allowedOrigin(answer), answer.headers.get('vary')?.includes('Origin')]).toEqual([origin, true])
  }
})

describe('a preflight', () => {
  test('of an unusual method or header is told the usual ones', async () => {
    for (const asked of [
      { 'access-control-request-method': 'DELETE' },
      { 'access-control-request-method': 'PUT' },
      { 'access-control-request-method': 'TRACE' },
      { 'access-control-request-method': 'x'.repeat(500) },
      { 'access-control-request-headers': 'authorization, x-ayes, cookie' },
      { 'access-control-request-headers': '*' },
    ]) {
      const answer = await preflight(service, '/signups', { origin: site, ...asked })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('access-control-allow-methods')).toBe('GET, POST')
      const headers = answer.headers.get('access-control-allow-headers') ?? ''
      expect(headers.toLowerCase()).not.toMatch(/authorization|cookie|x-ayes|\*/)
      expect(await answer.text()).toBe('')
    }
  })

  test('with cookies in mind is not encouraged, where any site may call too', async () => {
    for (const from of [service, open]) {
      const answer = await preflight(from, '/signups', { origin: site, cookie: 'a=b' })
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
      expect(answer.headers.get('set-cookie')).toBeNull()
    }
    const answer = await preflight(open, '/signups', { origin: 'https://any.example' })
    expect(allowedOrigin(answer)).toBe('*')
  })

  test('stores nothing, and is no signup', async () => {
    const answer = await service.fetch('/signups', { method: 'OPTIONS', headers: { origin: site } })
    expect(answer.status).toBe(405)
  })
})

test('the admin, the links, the metrics and the dev mailbox are open to no site at all', async () => {
  const adminRoutes = ['/api/lists', '/api/lists/own', '/api/signups', '/api/people/a@b.example']
  for (const from of [service, open]) {
    for (const origin of [site, ofList, 'https://any.example', 'null', from.base]) {
      for (const path of [
        ...adminRoutes,
        '/confirm/x',
        '/confirm/x/renew',
        '/unsubscribe/x',
        '/not-me/x',
        '/metrics',
        '/dev/mailbox',
        '/bounces/message',
        '/forms/own',
      ]) {
        const asked = await preflight(from, path, { origin })
        const headers = { origin, authorization: `Bearer ${adminToken}` }
        const answer = await from.fetch(path, { headers })
        expect([path, allowedOrigin(asked), allowedOrigin(answer)]).toEqual([path, null, null])
        expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
        await answer.body?.cancel()
      }
    }
  }
})

test('the script and its words are anybody’s to load, and say nothing about who loads them', async () => {
  for (const path of ['/embed.js', '/embed.d.ts', '/embed.json?list=own']) {
    const answer = await service.fetch(path, { headers: { origin: 'https://any.example' } })
    expect([answer.status, allowedOrigin(answer)]).toEqual([200, '*'])
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  }
})
