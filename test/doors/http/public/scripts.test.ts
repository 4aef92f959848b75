// What other sites load from us, without a browser.
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectProblem, html, json, letterFor, newAddress, postForm } from '../../../support/http.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService
const site = 'https://www.example.com'

beforeAll(async () => {
  service = await startTestService({ LETTERS_PER_LIST: 'off', ALLOWED_ORIGINS: site })
})
afterAll(() => service.close())

const policyOf = (answer: Response) => answer.headers.get('content-security-policy') ?? ''

describe('the script', () => {
  test('is at most 6 KB as it travels, needs no eval and no cookie, and makes no HTML of texts', async () => {
    const text = await (await service.fetch('/embed.js')).text()
    expect(gzipSync(text).length).toBeLessThanOrEqual(6 * 1024)
    expect(text).not.toMatch(
      /\beval\b|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.cookie|\bimport\b/,
    )
    expect(() => new Function(text)).not.toThrow()
  })

  test.each(['/embed.js', '/link.js', '/snippet.js', '/embed.d.ts', '/embed.json'])(
    '%s is kept for a while, and not sent again unchanged',
    async (path) => {
      const first = await service.fetch(path, { headers: { origin: site } })
      expect(first.status).toBe(200)
      expect(first.headers.get('access-control-allow-origin')).toBe('*')
      expect(first.headers.get('cache-control')).toBe('public, max-age=3600')
      expect(first.headers.get('x-content-type-options')).toBe('nosniff')
      await first.arrayBuffer()
      const etag = first.headers.get('etag') ?? ''
      const again = await service.fetch(path, { headers: { 'if-none-match': `W/"other", ${etag}` } })
      expect(again.status).toBe(304)
      expect(await again.text()).toBe('')
    },
  )
})

describe('the words', () => {
  test('are plain text in every language, with the same places', async () => {
    const words = async (locale: string) =>
      (await json(await service.fetch(`/embed.json?locale=${locale}`))).words as Record<string, string>
    const english = await words('en')
    const placesIn = (text = '') => [...new Set(text.match(/\{\w+\}/g))].sort()
    for (const locale of service.service.templates.locales) {
      const own = await words(locale)
      expect(
        Object.keys(own)
          .filter((key) => !key.endsWith('?'))
          .sort(),
      ).toEqual(
        Object.keys(english)
          .filter((key) => !key.endsWith('?'))
          .sort(),
      )
      for (const [key, text] of Object.entries(own)) {
        expect(text, `${locale} ${key}`).not.toMatch(/[<>]|&\w+;|\{[{%]/)
        for (const place of placesIn(text))
          expect(['{email}', '{typed}', '{suggestion}', '{list}', '{inbox}']).toContain(place)
      }
    }
    expect(placesIn(english['waiting.text.sent'])).toEqual(['{email}', '{list}'])
    expect(placesIn(english['waiting.text.sent?'])).toEqual(['{list}'])
  })

  test('of a list that there is not are 404', async () => {
    await expectProblem(await service.fetch('/embed.json?list=nope'), 404, 'unknown-list')
  })
})

describe('frames', () => {
  test('of allowed sites may show the form and where it leads, and no page of a link', async () => {
    const form = await service.fetch('/forms/default', { headers: html })
    expect(policyOf(form)).toContain(`frame-ancestors 'self' ${site}`)
    const asked = await postForm(service, '/signups', { email: 'ann@gmial.com' }, html)
    expect(asked.status).toBe(409)
    expect(policyOf(asked)).toContain(`frame-ancestors 'self' ${site}`)
    const { confirm, notMe } = await letterFor(service, newAddress())
    for (const path of [confirm, notMe]) {
      expect(policyOf(await service.fetch(path, { headers: html }))).toContain("frame-ancestors 'none'")
    }
  })
})

describe('a confirmation says how it came about:', () => {
  const said: [string, RequestInit, string][] = [
    ['the button', { body: new URLSearchParams({ by: 'button' }), headers: html }, 'button'],
    ['a movement', { body: new URLSearchParams({ by: 'evidence' }), headers: html }, 'evidence'],
    [
      'the browser that signed up',
      { body: new URLSearchParams({ by: 'own-browser' }), headers: html },
      'own-browser',
    ],
    ['any other word', { body: new URLSearchParams({ by: 'x'.repeat(9_000) }), headers: html }, 'button'],
    ['a page without a word', { headers: html }, 'button'],
    ['a program', {}, 'api'],
    ['a body that is no form', { body: '{', headers: { 'content-type': 'application/json' } }, 'api'],
  ]
  test.each(said)('%s', async (_, init, by) => {
    const email = newAddress()
    const { confirm } = await letterFor(service, email)
    expect((await service.fetch(confirm, { method: 'POST', ...init })).status).toBe(200)
    const event = await service.service.db
      .selectFrom('events')
      .innerJoin('signups', 'signups.id', 'events.signup_id')
      .select('events.detail')
      .where('signups.email', '=', email)
      .where('events.type', '=', 'confirmed')
      .executeTakeFirstOrThrow()
    expect(event.detail).toEqual({ by })
  })
})

test('CONFIRM_BUTTON=always leaves the link page to its button', async () => {
  const auto = await service.fetch((await letterFor(service, newAddress())).confirm, { headers: html })
  expect(await auto.text()).toContain('<script src="/link.js" defer></script>')
  expect(policyOf(auto)).toContain("script-src 'self'")
  const strict = await startTestService({ CONFIRM_BUTTON: 'always' })
  try {
    const page = await strict.fetch((await letterFor(strict, newAddress())).confirm, { headers: html })
    expect(await page.text()).not.toContain('<script')
    expect(policyOf(page)).not.toContain('script-src')
  } finally {
    await strict.close()
  }
})
