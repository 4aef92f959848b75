import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { problemCodes } from '../../../src/doors/http/docs/problem-codes.ts'
import { receiveBounce } from '../../../src/flows/receive-bounce.ts'
import { type AdminHouse, openAdminHouse } from '../../support/admin-house.ts'
import { countTraffic } from '../../support/bounce-traffic.ts'
import { faultsIn, isObject, undescribed } from '../../support/json-schema.ts'

let house: AdminHouse
let document: Readonly<Record<string, unknown>>
let signupId = ''
let bounceId = ''

beforeAll(async () => {
  house = await openAdminHouse()
  document = JSON.parse(await (await house.app.request('/openapi.json')).text())
  const { letterId, ...made } = await house.signUp('ann@example.com', {
    attributes: { a: 'b' },
    source: 'footer',
  })
  signupId = made.signupId
  const report = {
    category: 'mailbox-does-not-exist',
    status: '5.1.1',
    reply: '550',
    recipient: null,
  } as const
  const fingerprint = Buffer.from(randomUUID())
  const bounce = { door: 'message', at: house.deps.now(), fingerprint, letterId } as const
  await receiveBounce(house.deps, { ...bounce, report: { ...report, rule: null, forwarded: false } })
  bounceId = (await house.json('/api/bounces')).items[0]?.id ?? ''
  await house.subscribe('bob@example.com')
  house.deps.tally.count('signups', { list: 'default', source: null, domain: 'example.com' })
  countTraffic(house.deps.tally, { letters: 500, hard: 5 })
  countTraffic(house.deps.tally, { letters: 20, hard: 20 }, { domain: 'gmial.com' })
})
afterAll(() => house.close())

function at(...path: string[]): unknown {
  return path.reduce((place: unknown, name) => (isObject(place) ? place[name] : undefined), document)
}

async function answer(method: string, path: string, body?: object): Promise<Response> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  return house.api(path, { method, headers: { 'content-type': 'application/json' }, ...sent })
}

const newList = { name: 'New', from: 'New <new@example.com>', consent: 'yes' }
const asked: [method: string, pattern: string, path: () => string, status: number, body?: object][] = [
  ['get', '/api/lists', () => '/api/lists', 200],
  ['get', '/api/lists', () => '/api/lists?limit=x', 400],
  ['get', '/api/lists/{slug}', () => '/api/lists/default', 200],
  ['get', '/api/lists/{slug}', () => '/api/lists/nope', 404],
  ['put', '/api/lists/{slug}', () => '/api/lists/new', 201, newList],
  ['put', '/api/lists/{slug}', () => '/api/lists/new', 200, newList],
  ['put', '/api/lists/{slug}', () => '/api/lists/new', 400, { name: 1 }],
  ['get', '/api/lists/{slug}/subscribers', () => '/api/lists/nope/subscribers', 404],
  ['get', '/api/lists/{slug}/departures', () => '/api/lists/default/departures?since=x', 400],
  ['get', '/api/signups', () => '/api/signups', 200],
  ['get', '/api/signups/{id}', () => `/api/signups/${signupId}`, 200],
  ['get', '/api/signups/{id}', () => '/api/signups/x', 404],
  ['post', '/api/signups/{id}/correct', () => `/api/signups/${signupId}/correct`, 422, { email: 'a@@b' }],
  [
    'post',
    '/api/signups/{id}/correct',
    () => `/api/signups/${signupId}/correct`,
    201,
    { email: 'c@example.com' },
  ],
  ['post', '/api/signups/{id}/resend', () => `/api/signups/${signupId}/resend`, 409],
  ['get', '/api/suppressions', () => '/api/suppressions', 200],
  ['get', '/api/waves', () => '/api/waves', 200],
  ['get', '/api/waves/{id}', () => '/api/waves/x', 404],
  ['post', '/api/waves/{id}/undo', () => '/api/waves/x/undo', 404],
  ['post', '/api/waves/{id}/resume', () => '/api/waves/x/resume', 404],
  ['delete', '/api/suppressions/{email}', () => '/api/suppressions/nobody@example.com', 404],
  ['get', '/api/bounces', () => '/api/bounces', 200],
  ['get', '/api/bounces', () => '/api/bounces?limit=x', 400],
  ['get', '/api/bounces/{id}', () => `/api/bounces/${bounceId}`, 200],
  ['get', '/api/bounces/{id}', () => '/api/bounces/x', 404],
  ['get', '/api/bounces/report', () => '/api/bounces/report?by=week', 200],
  ['get', '/api/bounces/report', () => '/api/bounces/report?by=month', 400],
  ['get', '/api/stats', () => '/api/stats?by=source', 200],
  ['get', '/api/stats', () => '/api/stats?by=week', 400],
  ['get', '/api/people/{email}', () => '/api/people/ann@example.com', 200],
  ['get', '/api/people/{email}', () => '/api/people/nobody@example.com', 404],
]

describe('what is answered is what is described:', () => {
  test.each(asked)('%s %s', async (method, pattern, path, status, body) => {
    const given = await answer(method.toUpperCase(), path(), body)
    expect(given.status).toBe(status)
    const type = given.headers.get('content-type') ?? ''
    const schema = at('paths', pattern, method, 'responses', String(status), 'content', type, 'schema')
    expect(schema).toBeDefined()
    const value: unknown = JSON.parse(await given.text())
    expect(faultsIn(value, schema, document)).toEqual([])
    expect(undescribed(value, schema, document)).toEqual([])
  })

  test.each([
    ['SuggestionAnswer', { email: 'ann@example.com', suggestion: null }],
    ['SuggestionAnswer', { domain: 'a.b', suggestion: { email: 'c.d', domain: 'c.d', reason: 'typo' } }],
    ['LetterStatus', { letter: 'sent', reason: null, suggestion: null, at: '2026-01-31T09:30:00.000Z' }],
    [
      'SignupAccepted',
      { status: 'pending', email: 'a@b.c', handle: 'h', expires_at: '2026-01-31T09:30:00.000Z' },
    ],
    [
      'ProofAsked',
      {
        ...{ type: '/docs#proof-of-work', title: 'Proof of work', status: 428, detail: 'd' },
        ...{ code: 'proof-of-work', reason: 'missing' },
        challenge: {
          parameters: {
            ...{
              algorithm: 'PBKDF2/SHA-256',
              cost: 200,
              keyLength: 32,
              keyPrefix: 'ab',
              nonce: '00',
              salt: '00',
            },
            ...{ expiresAt: 1, data: { key: 'k', at: 1 } },
          },
          signature: '00',
        },
      },
    ],
  ])('a public %s', (name, value) => {
    expect(faultsIn(value, at('components', 'schemas', name), document)).toEqual([])
  })

  test('401 without the token', async () => {
    const given = await house.app.request('/api/lists')
    const content = at('paths', '/api/lists', 'get', 'responses', '401', 'content')
    const [schema] = isObject(content) ? Object.values(content) : []
    expect(
      faultsIn(JSON.parse(await given.text()), isObject(schema) ? schema.schema : null, document),
    ).toEqual([])
  })
})

test('the document is OpenAPI 3.1 and names the address that we are reached at', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(document.servers).toEqual([{ url: 'https://lists.example.com' }])
})

test('every route of the admin is in the document, and none besides', () => {
  const served = house.app.routes
    .filter((route) => route.path.startsWith('/api/') && route.method !== 'ALL' && !route.path.includes('*'))
    .map((route) => `${route.method.toLowerCase()} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`)
  const paths = at('paths')
  const described = isObject(paths)
    ? Object.entries(paths).flatMap(([path, methods]) =>
        isObject(methods) ? Object.keys(methods).map((method) => `${method} ${path}`) : [],
      )
    : []
  expect(described.filter((one) => one.includes('/api/')).sort()).toEqual([...new Set(served)].sort())
})

test('operations have the fields that OpenAPI knows, and no others', () => {
  const known = new Set([
    'tags',
    'security',
    'summary',
    'description',
    'parameters',
    'requestBody',
    'responses',
  ])
  const paths = at('paths')
  const operations = isObject(paths) ? Object.values(paths).flatMap((one) => Object.values(one ?? {})) : []
  const fields = operations.flatMap((operation) => Object.keys(isObject(operation) ? operation : {}))
  expect(fields.filter((field) => !known.has(field))).toEqual([])
})

test('every reference leads somewhere', () => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? '')
  expect(refs.length).toBeGreaterThan(20)
  expect(refs.filter((ref) => at(...ref.split('/')) === undefined)).toEqual([])
})

describe('the page', () => {
  test('has a place for every code that a problem can have', async () => {
    const page = await (await house.app.request('/docs')).text()
    const files = ['src/doors', 'src/flows'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
    )
    const thrown = files.flatMap((text) =>
      [...text.matchAll(/\bproblem\(\s*\d+,\s*'([a-z-]+)'/g)].map((match) => match[1] ?? ''),
    )
    expect(thrown).toContain('did-you-mean')
    for (const code of new Set([...thrown, ...Object.keys(problemCodes)]))
      expect(page).toContain(`id="${code}"`)
  })

  test('has no place twice, and every link on it leads to one', async () => {
    const page = await (await house.app.request('/docs')).text()
    const ids = [...page.matchAll(/\bid="([^"]*)"/g)].map((match) => match[1])
    expect(ids.length).toBe(new Set(ids).size)
    const links = [...page.matchAll(/href="#([^"]*)"/g)].map((match) => match[1])
    expect(links.filter((link) => !ids.includes(link))).toEqual([])
  })

  test('needs nothing from elsewhere, and its policy allows exactly its style', async () => {
    const answered = await house.app.request('/docs')
    const page = await answered.text()
    expect(page).not.toMatch(/<script|<img|<link|src=|@import|url\(/i)
    const policy = answered.headers.get('content-security-policy') ?? ''
    const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? ''
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))
    expect(policy).toContain(`'sha256-${Buffer.from(digest).toString('base64')}'`)
  })
})
