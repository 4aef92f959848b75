// GET /suggestions: what an address or a domain probably should be. Stores nothing.
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectProblem, json } from '../../../support/http.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService
const ask = (query: Record<string, string>) => service.fetch(`/suggestions?${new URLSearchParams(query)}`)

beforeAll(async () => {
  service = await startTestService()
})
afterAll(async () => {
  const { rows } = await sql<{ n: number }>`
    select ((select count(*) from signups) + (select count(*) from addresses))::int as n`.execute(
    service.service.db,
  )
  expect(rows[0]?.n).toBe(0)
  await service.close()
})

test.each([
  ['ann@gmial.com', { email: 'ann@gmail.com', domain: 'gmail.com', reason: 'typo' }],
  ['Ann+x@hotmial.co.uk', { email: 'Ann+x@hotmail.co.uk', domain: 'hotmail.co.uk', reason: 'typo' }],
  ['ann@gmail.com', null],
  ['ann@a-company-of-its-own.example', null],
])('%s', async (email, suggestion) => {
  const answer = await ask({ email })
  expect(answer.status).toBe(200)
  expect(await json(answer)).toEqual({ email, suggestion })
})

test('the address comes back as it was read', async () => {
  expect(await json(await ask({ email: ' <Ann@GMAIL.com>. ' }))).toEqual({
    email: 'Ann@gmail.com',
    suggestion: null,
  })
})

describe('a bare domain', () => {
  test('with a slip gets its suggestion', async () => {
    const body = await json(await ask({ domain: 'gmial.com' }))
    expect(body).toMatchObject({ domain: 'gmial.com', suggestion: { domain: 'gmail.com', reason: 'typo' } })
  })

  test('without one gets none', async () => {
    expect(await json(await ask({ domain: 'GMAIL.com' }))).toEqual({ domain: 'gmail.com', suggestion: null })
  })

  test.each([
    '',
    ' ',
    'gmail',
    'a b.com',
    'x@gmail.com',
    `${'a'.repeat(300)}.com`,
    '[192.0.2.1]',
    '\ud800.com',
  ])('that is none is 422: %j', async (domain) => {
    await expectProblem(await ask({ domain }), 422, 'invalid-email', { field: 'domain' })
  })
})

test.each(['', 'ann', 'ann@', '@gmail.com', 'a@b@c.com', 'a\nb@gmail.com', 'a'.repeat(5_000)])(
  'what is no address is 422: %j',
  async (email) => {
    await expectProblem(await ask({ email }), 422, 'invalid-email', { field: 'email' })
  },
)

test('the one plain reading of what is no address comes along', async () => {
  await expectProblem(await ask({ email: 'ann(at)gmail.com' }), 422, 'invalid-email', {
    suggestion: { email: 'ann@gmail.com', domain: 'gmail.com', reason: 'format' },
  })
})

test('neither, both, or one of them twice is 400', async () => {
  for (const query of [
    '',
    '?',
    '?other=x',
    '?email=a@b.co&domain=b.co',
    '?email=a@b.co&email=a@b.co',
    '?domain=a.co&domain=b.co',
  ]) {
    await expectProblem(await service.fetch(`/suggestions${query}`), 400, 'bad-request')
  }
})

test('a NUL is 400, and bytes that are no UTF-8 are no fault of ours', async () => {
  await expectProblem(await service.fetch('/suggestions?email=a%00@gmail.com'), 400, 'bad-request', {
    field: 'email',
  })
  expect((await service.fetch('/suggestions?email=%ff@gmail.com')).status).toBeLessThan(500)
  expect((await service.fetch('/suggestions?email=%')).status).toBeLessThan(500)
})

test('a domain is read as an address is: what surrounds it is no part of it', async () => {
  for (const domain of [' gmial.com', 'gmial.com. ', '<gmial.com>', '\u200bgmial.com']) {
    expect(await json(await ask({ domain }))).toMatchObject({
      domain: 'gmial.com',
      suggestion: { domain: 'gmail.com' },
    })
  }
})

test('scripts of other sites may ask', async () => {
  const answer = await service.fetch('/suggestions?domain=gmail.com', {
    headers: { origin: 'https://site.example' },
  })
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
})

test('one client cannot ask without end', async () => {
  const service = await startTestService({ SIGNUPS_PER_CLIENT: '20/10m' })
  const ask = () => service.fetch('/suggestions?domain=gmail.com')
  const answers: number[] = []
  let last: Response | null = null
  for (let asked = 0; asked < 700 && last?.status !== 429; asked += 50) {
    const some = await Promise.all(Array.from({ length: 50 }, ask))
    answers.push(...some.map(({ status }) => status))
    last = some.find(({ status }) => status === 429) ?? null
  }
  expect(new Set(answers)).toEqual(new Set([200, 429]))
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0)
  await service.close()
})

test('where no client is limited, none is here', async () => {
  const free = await startTestService({ SIGNUPS_PER_CLIENT: 'off' })
  for (let asked = 0; asked < 700; asked += 50) {
    const some = await Promise.all(
      Array.from({ length: 50 }, () => free.fetch('/suggestions?domain=gmail.com')),
    )
    expect(some.filter(({ status }) => status !== 200)).toEqual([])
  }
  await free.close()
})
