// What the suggestion knows from the operator, from each list, and from this installation's own subscribers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { confirmDirectly } from '../../../support/confirm-directly.ts'
import { copyTemplate } from '../../../support/database.ts'
import { expectProblem, json } from '../../../support/http.ts'
import { eventually } from '../../../support/letters.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let database: Awaited<ReturnType<typeof copyTemplate>>
let service: TestService
let other: TestService

beforeAll(async () => {
  database = await copyTemplate()
  const settings = { DATABASE_URL: database.url, SUGGEST_DOMAINS: 'acme-corp.com' }
  service = await startTestService(settings)
  other = await startTestService(settings)
  const body = JSON.stringify({
    name: 'Club',
    locale: 'de',
    suggest_domains: ['Verein-Süd.de', 'club.example'],
  })
  const headers = { 'content-type': 'application/json' }
  expect((await service.admin('/api/lists/club', { method: 'PUT', headers, body })).status).toBe(201)
})
afterAll(async () => {
  await service.close()
  await other.close()
  await database.drop()
})

type Hint = { suggestion: { email: string; domain: string; reason: string } | null }

async function hint(
  query: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<string | null> {
  const answer = await service.fetch(`/suggestions?${new URLSearchParams(query)}`, { headers })
  expect(answer.status).toBe(200)
  const { suggestion } = (await answer.json()) as Hint
  return suggestion?.domain ?? null
}

describe('SUGGEST_DOMAINS', () => {
  test('is suggested at every list, and never questioned', async () => {
    const problem = await expectProblem(
      await service.signUp({ email: 'Ann@acme-crop.com' }),
      409,
      'did-you-mean',
    )
    expect(problem.suggestion).toEqual({
      email: 'Ann@acme-corp.com',
      domain: 'acme-corp.com',
      reason: 'typo',
    })
    await expectProblem(await service.signUp({ email: 'a@acme-crop.com', list: 'club' }), 409, 'did-you-mean')
    expect(await hint({ email: 'ann@acmecorp.com' })).toBe('acme-corp.com')
    expect(await hint({ domain: 'mail.acme-corp.com' })).toBeNull()
  })
})

describe('a list’s own domains', () => {
  test('are suggested there and nowhere else', async () => {
    expect(await hint({ email: 'a@verein-sued.de', list: 'club' })).toBeNull()
    expect(await hint({ email: 'a@clbu.example', list: 'club' })).toBe('club.example')
    expect(await hint({ email: 'a@clbu.example' })).toBeNull()
    await expectProblem(await service.signUp({ email: 'a@clbu.example', list: 'club' }), 409, 'did-you-mean')
    expect((await service.signUp({ email: 'a@clbu.example' })).status).toBe(202)
  })

  test('change with the list, in every process', async () => {
    const put = (suggest_domains: string[] | null) =>
      service.admin('/api/lists/club', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ suggest_domains }),
      })
    expect(await json(await service.admin('/api/lists/club'))).toMatchObject({
      suggest_domains: ['xn--verein-sd-x9a.de', 'club.example'],
    })
    expect(await json(await put(null))).toMatchObject({ suggest_domains: [] })
    expect(await hint({ email: 'a@clbu.example', list: 'club' })).toBeNull()
    await put(['club.example'])
    await eventually(async () => {
      const answer = await other.fetch('/suggestions?domain=clbu.example&list=club')
      return ((await answer.json()) as Hint).suggestion !== null
    }, 'the list’s domain in the other process')
  })

  test.each([
    ['acme', /entry 1/],
    ['co.uk', /entry 1/],
    [7, /suggest_domains/],
  ])('%j is refused', async (name, why) => {
    const answer = await service.admin('/api/lists/club', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ suggest_domains: [name] }),
    })
    const problem = await expectProblem(answer, 400, 'bad-request')
    expect(problem.field).toMatch(/^suggest_domains/)
    expect(problem.detail).toMatch(why)
  })

  test('a list that is none of ours gets the answer of the others', async () => {
    for (const list of ['no-such-list', '../..', '']) {
      expect(await hint({ email: 'ann@gmial.com', list })).toBe('gmail.com')
    }
  })
})

describe('the installation’s own proof', () => {
  const posted = async (where: TestService, email: string) => (await where.signUp({ email })).status

  test('is told to the other process, and makes a question an acceptance', async () => {
    expect(await posted(service, 'ann@gmial.com')).toBe(409)
    await confirmDirectly(service, 'ann@gmial.com')
    for (const one of [service, other]) expect(await posted(one, 'eve@gmial.com')).toBe(409)
    await confirmDirectly(other, 'bob@gmial.com')
    for (const one of [service, other]) {
      await eventually(async () => (await posted(one, 'eve@gmial.com')) === 202, 'the proof of gmial.com')
    }
    expect(await hint({ email: 'eve@gmial.com' })).toBeNull()
  })

  test('is there after a restart', async () => {
    const started = await startTestService({ DATABASE_URL: database.url })
    expect(await posted(started, 'carl@gmial.com')).toBe(202)
    expect(await posted(started, 'carl@hotmial.com')).toBe(409)
    await started.close()
  })
})
