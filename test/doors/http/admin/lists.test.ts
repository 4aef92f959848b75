import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AdminHouse, openAdminHouse } from '../../../support/admin-house.ts'

let house: AdminHouse

beforeAll(async () => {
  house = await openAdminHouse()
})
afterAll(() => house.close())

const put = (slug: string, fields: object) => house.send('PUT', `/api/lists/${slug}`, fields)
const get = (path: string) => house.json(path)

const none = { pending: 0, confirmed: 0, unsubscribed: 0, invalid: 0, declined: 0, expired: 0, replaced: 0 }
const everything = {
  name: 'Weekly',
  locale: 'de',
  from: 'Weekly <news@example.com>',
  reply_to: 'answers@example.com',
  confirmed_url: 'https://example.com/thanks?a=b',
  organisation: 'Example Ltd.',
  privacy_url: 'https://example.com/privacy',
  consent: 'Send me the weekly.\nI can leave at any time.',
  suggest_domains: ['acme.com', 'xn--mnchen-3ya.example'],
  allowed_origins: ['https://www.example.com', 'http://localhost:8080'],
}

test('the list called default is there from the start', async () => {
  expect(await get('/api/lists/default')).toMatchObject({ slug: 'default', consent_version: 0, counts: none })
})

test('PUT makes a list and then changes it', async () => {
  const made = await put('weekly', everything)
  expect(made).toEqual({
    status: 201,
    body: { slug: 'weekly', ...everything, consent_version: 1, counts: none },
  })
  const changed = await put('weekly', { name: 'Every week' })
  expect(changed.status).toBe(200)
  expect(changed.body).toEqual({ ...made.body, name: 'Every week' })
  expect(await get('/api/lists/weekly')).toEqual(changed.body)
})

test('a new list without fields has its slug for a name', async () => {
  expect((await put('bare', {})).body).toMatchObject({
    name: 'bare',
    locale: 'en',
    from: null,
    consent: null,
  })
})

test('null clears a field, and so does an empty text', async () => {
  await put('cleared', everything)
  const { body } = await put('cleared', { from: null, reply_to: '', confirmed_url: ' ', consent: null })
  expect(body).toMatchObject({
    from: null,
    reply_to: null,
    confirmed_url: null,
    consent: null,
    organisation: 'Example Ltd.',
  })
})

test('sites are kept as browsers write them, each once; null leaves them to the service, none is none', async () => {
  const sites = async (allowed_origins: unknown) => (await put('sites', { allowed_origins })).body
  expect(
    await sites(['HTTPS://A.example/', 'https://a.example:443', ' https://münchen.example ']),
  ).toMatchObject({
    allowed_origins: ['https://a.example', 'https://xn--mnchen-3ya.example'],
  })
  expect((await put('sites', { name: 'Sites' })).body).toMatchObject({
    allowed_origins: ['https://a.example', 'https://xn--mnchen-3ya.example'],
  })
  expect(await sites([])).toMatchObject({ allowed_origins: [] })
  expect(await sites(null)).toMatchObject({ allowed_origins: null })
  expect((await put('no-sites', {})).body).toMatchObject({ allowed_origins: null })
})

test.each([
  [['https://a.example/form']],
  [['https://a.example', 'https://*.example.com']],
  [['null']],
  [['*']],
  [['https://a.example; script-src *']],
  [[7]],
  ['https://a.example'],
  [{}],
  [Array.from({ length: 51 }, (_, n) => `https://${n}.example`)],
  [[`https://${'a'.repeat(300)}.example`]],
])('%j are no sites, and change nothing', async (allowed_origins) => {
  await put('kept-sites', { allowed_origins: ['https://a.example'] })
  const { status, body } = await put('kept-sites', { allowed_origins })
  expect(status).toBe(400)
  expect(body).toMatchObject({ code: 'bad-request', field: expect.stringMatching(/^allowed_origins/) })
  expect(await get('/api/lists/kept-sites')).toMatchObject({ allowed_origins: ['https://a.example'] })
})

test('other words of consent become a new version, the same words do not', async () => {
  await put('words', { consent: 'one' })
  expect((await put('words', { consent: 'one' })).body.consent_version).toBe(1)
  expect((await put('words', { consent: 'two' })).body.consent_version).toBe(2)
  expect((await put('words', { consent: null })).body.consent_version).toBe(0)
  expect((await put('words', { consent: 'one' })).body.consent_version).toBe(3)
})

test('two changes at once both hold', async () => {
  await put('busy', {})
  await Promise.all([
    put('busy', { name: 'Busy' }),
    put('busy', { organisation: 'Bees' }),
    put('busy', { locale: 'de' }),
  ])
  expect(await get('/api/lists/busy')).toMatchObject({ name: 'Busy', organisation: 'Bees', locale: 'de' })
})

test('two who make a list at once make one', async () => {
  const [one, two] = await Promise.all([put('twins', { name: 'A' }), put('twins', { organisation: 'B' })])
  expect([one.status, two.status].sort()).toEqual([200, 201])
  expect(await get('/api/lists/twins')).toMatchObject({ organisation: 'B' })
})

test('reply_to is kept as it was read', async () => {
  expect((await put('read', { reply_to: ' mailto:Ann@Example.COM ' })).body.reply_to).toBe('Ann@example.com')
})

describe('is refused by name:', () => {
  test.each([
    ['name', 'a\nb'],
    ['name', 'a\u2028b'],
    ['name', '  '],
    ['name', null],
    ['name', 'x'.repeat(201)],
    ['locale', 'english!'],
    ['locale', 7],
    ['from', 'not an address'],
    ['from', 'Ann\r\nBcc: x <a@example.com>'],
    ['reply_to', 'nobody'],
    ['confirmed_url', '/thanks'],
    ['confirmed_url', 'http://example.com/'],
    ['confirmed_url', 'javascript:alert(1)'],
    ['privacy_url', 'ftp://example.com/'],
    ['organisation', 'a\tb'],
    ['consent', 'a\u0007b'],
    ['consent', 'x'.repeat(2001)],
  ])('%s %j', async (field, value) => {
    const { status, body } = await put('refused', { [field]: value })
    expect({ status, code: body.code, field: body.field }).toEqual({
      status: 400,
      code: 'bad-request',
      field,
    })
    expect((await house.api('/api/lists/refused')).status).toBe(404)
  })

  test.each(['UPPER', 'a_b', 'x'.repeat(65), 'a%2Fb', '%C3%A4'])('the slug %s', async (slug) => {
    expect(await put(slug, {})).toMatchObject({ status: 400, body: { field: 'slug' } })
  })
})

test.each(['http://localhost:3000/ok', 'http://127.0.0.1/ok', 'http://[::1]:8080/', 'https://example.com/'])(
  'a confirmed visitor may be sent to %s',
  async (url) => {
    expect((await put('target', { confirmed_url: url })).body.confirmed_url).toBe(url)
  },
)

test('counts are by state, and a signup whose time is up counts as expired', async () => {
  await put('counted', {})
  await house.subscribe('a@example.com', { list: 'counted' })
  await house.signUp('b@example.com', { list: 'counted' })
  const { signupId } = await house.signUp('c@example.com', { list: 'counted' })
  await house.deps.db
    .updateTable('signups')
    .set({ expires_at: new Date(0) })
    .where('id', '=', signupId)
    .execute()
  const { counts } = await get('/api/lists/counted')
  expect(counts).toEqual({ ...none, confirmed: 1, pending: 1, expired: 1 })
})

test('lists come in pages, by their slugs', async () => {
  const slugs: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: { items: { slug: string }[]; next: string | null } = await house.json(
      `/api/lists?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    expect(page.items.length).toBeLessThanOrEqual(2)
    slugs.push(...page.items.map((item) => item.slug))
    cursor = page.next
  }
  expect(slugs).toEqual([...slugs].sort())
  expect(new Set(slugs).size).toBe(slugs.length)
  expect(slugs).toContain('default')
})

test('a list that is not there is 404', async () => {
  expect(await get('/api/lists/nope')).toMatchObject({ status: 404, code: 'unknown-list' })
})

test('a body that is no JSON, or twice the same field, is 400', async () => {
  const headers = { 'content-type': 'application/json' }
  for (const body of ['{', '[]', '{"name":"a","name":"b"}']) {
    const answer = await house.api('/api/lists/broken', { method: 'PUT', headers, body })
    expect(await answer.json()).toMatchObject({ status: 400, code: 'bad-request' })
  }
  const form = await house.api('/api/lists/broken', {
    method: 'PUT',
    body: new URLSearchParams({ name: 'a' }),
  })
  expect(form.status).toBe(415)
})
