// The link in the letter: looking changes nothing, posting confirms.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  everythingAbout,
  expectTokenPage,
  html,
  json,
  letterFor,
  newAddress,
  statusOf,
} from '../../../support/http.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService
const post = (path: string, init: RequestInit = {}) => service.fetch(path, { method: 'POST', ...init })

beforeAll(async () => {
  service = await startTestService({ LETTERS_PER_LIST: '3/24h' })
  await service.service.db
    .insertInto('lists')
    .values({
      slug: 'shop',
      name: 'Shop <&> Co',
      locale: 'en',
      confirmed_url: 'https://shop.example/thanks?a=b',
    })
    .execute()
})
afterAll(() => service.close())

describe('looking', () => {
  test('shows which address and list, and one form with its button', async () => {
    const email = newAddress()
    const { confirm } = await letterFor(service, email, { list: 'shop' })
    const page = await expectTokenPage(await service.fetch(confirm, { headers: html }), 200)
    expect(page).toContain(email)
    expect(page).toContain('Shop &lt;&amp;&gt; Co')
    expect(page.match(/<form/g)).toHaveLength(1)
    expect(page).toMatch(new RegExp(`<form method="post" action="${confirm}">\\s*<button`))
  })

  test('changes nothing, by GET or HEAD, by whatever client, with whatever query', async () => {
    const email = newAddress()
    const { confirm, notMe } = await letterFor(service, email)
    const before = await everythingAbout(service, email)
    const queries = [
      '',
      '?',
      '?confirm=1&action=confirm&_method=POST',
      '?method=post#x',
      `?${'x'.repeat(2_000)}`,
    ]
    const headers = [html, {}, { accept: 'application/json', 'x-http-method-override': 'POST' }]
    for (const path of [confirm, notMe]) {
      for (const query of queries) {
        for (const one of headers) {
          for (const method of ['GET', 'HEAD']) {
            const answer = await service.fetch(path + query, { method, headers: one })
            expect(answer.status).toBe(200)
            await answer.arrayBuffer()
          }
        }
      }
      expect((await service.fetch(path, { method: 'OPTIONS' })).status).toBeGreaterThanOrEqual(400)
    }
    expect(await everythingAbout(service, email)).toBe(before)
  })

  test('is answered by HEAD as by GET, without a body', async () => {
    const { confirm } = await letterFor(service, newAddress())
    const answer = await service.fetch(confirm, { method: 'HEAD', headers: html })
    expect(await expectTokenPage(answer, 200)).toBe('')
  })
})

describe('confirming', () => {
  test('needs no body, cookie or Origin, and takes any', async () => {
    const bodies: RequestInit[] = [
      {},
      { body: '{', headers: { 'content-type': 'application/json' } },
      { body: 'a=b', headers: { origin: 'https://evil.example', cookie: 'a=b' } },
      { body: new Uint8Array(60_000), headers: { 'content-type': 'image/png' } },
    ]
    for (const init of bodies) {
      const email = newAddress()
      const { confirm } = await letterFor(service, email)
      const answer = await post(confirm, init)
      expect(answer.status).toBe(200)
      expect(await json(answer)).toEqual({ status: 'confirmed', list: 'default', email })
      expect(await statusOf(service, email)).toEqual(['confirmed'])
    }
  })

  test('a second time says already, and both clicks are events', async () => {
    const email = newAddress()
    const { confirm } = await letterFor(service, email)
    const json_ = { headers: { accept: 'application/json' } }
    expect((await json(await post(confirm, json_))).status).toBe('confirmed')
    expect(await json(await post(confirm, json_))).toEqual({ status: 'already', list: 'default', email })
    const everything = await everythingAbout(service, email)
    expect(everything.match(/"type":"(confirmed|clicked-again)"/g)).toHaveLength(2)
    expect(await expectTokenPage(await service.fetch(confirm, { headers: html }), 200)).not.toContain('<form')
  })

  test('leads to the confirmed_url of the list where it has one, else to a page', async () => {
    const shop = await letterFor(service, newAddress(), { list: 'shop' })
    for (const _ of ['first', 'again']) {
      const answer = await post(shop.confirm, { headers: html })
      expect(answer.status).toBe(303)
      expect(answer.headers.get('location')).toBe('https://shop.example/thanks?a=b')
    }
    expect((await post(shop.confirm, { headers: { accept: 'application/json' } })).status).toBe(200)
    const email = newAddress()
    const { confirm } = await letterFor(service, email)
    expect(await expectTokenPage(await post(confirm, { headers: html }), 200)).toContain(email)
  })

  test('the page lets its form end up at the confirmed_url', async () => {
    const { confirm } = await letterFor(service, newAddress(), { list: 'shop' })
    const policy = (await service.fetch(confirm, { headers: html })).headers.get('content-security-policy')
    expect(policy).toContain("form-action 'self' https://shop.example")
  })

  test('many at once confirm once', async () => {
    const email = newAddress()
    const { confirm } = await letterFor(service, email)
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => (await json(await post(confirm))).status),
    )
    expect(answers.sort()).toEqual([...Array(7).fill('already'), 'confirmed'])
  })
})
