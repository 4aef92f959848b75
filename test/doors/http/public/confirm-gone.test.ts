// Links that are gone, links that are none, and asking for a fresh letter.
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openKeyRing } from '../../../../src/core/keys.ts'
import { makeLinkToken, readLinkToken } from '../../../../src/core/tokens.ts'
import {
  expectProblem,
  expectTokenPage,
  html,
  json,
  letterFor,
  newAddress,
  statusOf,
} from '../../../support/http.ts'
import { lettersTo, letterTo } from '../../../support/letters.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService
const post = (path: string, init: RequestInit = {}) => service.fetch(path, { method: 'POST', ...init })

beforeAll(async () => {
  service = await startTestService({ LETTERS_PER_LIST: '3/24h' })
})
afterAll(() => service.close())

async function change(email: string, set: string): Promise<void> {
  await sql`update signups set ${sql.raw(set)} where email = ${email}`.execute(service.service.db)
}

describe('a link that is gone says why with 410', () => {
  const gone: readonly [
    string,
    (email: string, links: { confirm: string; notMe: string }) => Promise<unknown>,
  ][] = [
    ['link-expired', (email) => change(email, "expires_at = now() - interval '1 second'")],
    ['link-expired', (email) => change(email, "status = 'expired', ended_at = now()")],
    [
      'address-invalid',
      (email) => change(email, "status = 'invalid', reason = 'domain-problem', ended_at = now()"),
    ],
    ['declined', (_, { notMe }) => post(notMe)],
    ['replaced', (email) => change(email, "status = 'replaced', ended_at = now()")],
    [
      'unsubscribed',
      async (email, { confirm }) => {
        await post(confirm)
        await change(email, "status = 'unsubscribed', ended_at = now()")
      },
    ],
  ]
  test.each(gone)('%s', async (code, end) => {
    const email = newAddress()
    const links = await letterFor(service, email)
    await end(email, links)
    await expectProblem(await post(links.confirm), 410, code)
    await expectProblem(await service.fetch(links.confirm), 410, code)
    const renewable = code === 'link-expired' || code === 'address-invalid'
    for (const method of ['GET', 'POST']) {
      const page = await expectTokenPage(await service.fetch(links.confirm, { method, headers: html }), 410)
      expect(page.includes(`action="${links.confirm}/renew"`)).toBe(renewable)
    }
    const renewed = await post(`${links.confirm}/renew`)
    if (renewable) expect(renewed.status).toBe(202)
    else await expectProblem(renewed, 410, code)
    expect((await statusOf(service, email))[0]).not.toBe('confirmed')
    expect((await statusOf(service, email)).length).toBe(renewable ? 2 : 1)
  })

  test('link-expired too when its row is purged', async () => {
    const email = newAddress()
    const { confirm } = await letterFor(service, email)
    await sql`delete from signups where email = ${email}`.execute(service.service.db)
    for (const path of [confirm, `${confirm}/renew`])
      await expectProblem(await post(path), 410, 'link-expired')
    await expectProblem(await service.fetch(confirm), 410, 'link-expired')
    expect(await expectTokenPage(await service.fetch(confirm, { headers: html }), 410)).not.toContain(
      '/renew',
    )
  })
})

describe('renewing', () => {
  test('sends a fresh letter whose link works, and the old one stays gone', async () => {
    const email = newAddress()
    const { confirm } = await letterFor(service, email)
    await change(email, "expires_at = now() - interval '1 second'")
    const answer = await post(`${confirm}/renew`)
    expect(answer.status).toBe(202)
    const body = await json(answer)
    expect(Object.keys(body)).toEqual(['status', 'email', 'handle', 'expires_at'])
    expect(body).toMatchObject({ status: 'pending', email })
    const fresh = /\/confirm\/[\w-]{43}/.exec((await letterTo(service, email, 2)).text)?.[0] ?? ''
    await expectProblem(await post(confirm), 410, 'link-expired')
    expect((await json(await post(fresh))).status).toBe('confirmed')
  })

  test('stays within the limits, and the answer is the same beyond them', async () => {
    const email = newAddress()
    const { confirm } = await letterFor(service, email)
    await change(email, "expires_at = now() - interval '1 second'")
    for (let times = 0; times < 5; times++) expect((await post(`${confirm}/renew`)).status).toBe(202)
    await letterTo(service, email, 3)
    const { rows } = await sql`select from letters where recipient = ${email}`.execute(service.service.db)
    expect(rows).toHaveLength(3)
    expect(await lettersTo(service, email)).toHaveLength(3)
  })

  test('from a page leads to the waiting page', async () => {
    const email = newAddress()
    const { confirm } = await letterFor(service, email)
    await change(email, "expires_at = now() - interval '1 second'")
    const answer = await post(`${confirm}/renew`, { headers: html })
    expect(answer.status).toBe(303)
    expect((await service.fetch(answer.headers.get('location') ?? '')).status).toBe(200)
  })
})

describe('a token that is none is 404', () => {
  test('truncated, flipped, of another purpose, of another installation, of no letter', async () => {
    const { confirm, notMe } = await letterFor(service, newAddress())
    const token = confirm.slice('/confirm/'.length)
    const id = readLinkToken(service.service.ring, 'confirm', token)?.id ?? ''
    const another = openKeyRing('the secret key of another installation').current
    const wrong = [
      token.slice(0, -1),
      `${token}A`,
      `${token.slice(0, 10)}${token[10] === 'A' ? 'B' : 'A'}${token.slice(11)}`,
      token.toUpperCase(),
      notMe.slice('/not-me/'.length),
      makeLinkToken(another, 'confirm', id),
      `%${token.charCodeAt(0).toString(16)}${token.slice(1)}`,
      'x',
      '%20',
      '%ff',
      encodeURIComponent('../../etc/passwd'),
      '%F0%9F%98%80',
      'a'.repeat(5_000),
    ]
    for (const text of wrong) {
      for (const [path, init] of [
        [`/confirm/${text}`, {}],
        [`/confirm/${text}`, { method: 'POST' }],
        [`/confirm/${text}/renew`, { method: 'POST' }],
      ] as const) {
        await expectProblem(await service.fetch(path, init), 404, 'unknown-link')
        expect((await service.fetch(path, { ...init, headers: html })).status).toBe(404)
      }
    }
    expect((await service.fetch('/confirm/%00')).status).toBe(400)
    expect((await json(await post(confirm))).status).toBe('confirmed')
  })
})
