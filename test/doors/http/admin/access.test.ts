import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AdminHouse, adminToken, openAdminHouse } from '../../../support/admin-house.ts'

let house: AdminHouse

beforeAll(async () => {
  house = await openAdminHouse()
})
afterAll(() => house.close())

const paths = [
  '/api/lists',
  '/api/lists/default',
  '/api/lists/default/subscribers',
  '/api/lists/default/departures',
  '/api/signups',
  '/api/signups/x',
  '/api/suppressions',
  '/api/stats',
  '/api/people/ann@example.com',
  '/api/nothing',
]

test.each(paths)('%s is shut without the token, and with another one', async (path) => {
  for (const authorization of [undefined, 'Bearer ', 'Bearer wrong', `Basic ${adminToken}`, adminToken]) {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    const answer = await house.app.request(path, {
      headers: { origin: 'https://elsewhere.example', ...headers },
    })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toContain('Bearer')
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ status: 401, code: 'unauthorized' })
  }
})

test('no script of another site is let in, and nothing is kept by a cache', async () => {
  const headers = { origin: 'https://elsewhere.example' }
  const answer = await house.api('/api/lists', { headers })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const asked = { ...headers, 'access-control-request-method': 'GET' }
  const preflight = await house.app.request('/api/lists', { method: 'OPTIONS', headers: asked })
  expect(preflight.status).toBe(401)
  expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
})

test('what is not there is 404, and another method 405', async () => {
  expect((await house.api('/api/nothing')).status).toBe(404)
  const answer = await house.api('/api/lists', { method: 'POST' })
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})
