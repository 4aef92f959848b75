// The language of pages: the form's, else the browser's, else the list's.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { html, letterFor, newAddress, postForm } from '../../../support/http.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
  const body = JSON.stringify({ name: 'Nouvelles', locale: 'fr' })
  await service.admin('/api/lists/nouvelles', {
    method: 'PUT',
    body,
    headers: { 'content-type': 'application/json' },
  })
})
afterAll(() => service.close())

async function languageOf(path: string, accepted: string): Promise<string> {
  const page = await service.fetch(path, { headers: { ...html, 'accept-language': accepted } })
  return /<html lang="([^"]*)"/.exec(await page.text())?.[1] ?? 'none'
}

test.each([
  ['the form’s', '?locale=ja', 'de', 'ja'],
  ['the browser’s, where the form names none', '', 'pt-PT, de;q=0.5', 'pt-BR'],
  ['the browser’s, where the form names one that there is not', '?locale=tlh', 'ar-EG', 'ar'],
  ['the browser’s second wish, where there is no first', '', 'zh, es;q=0.5', 'es'],
  ['the list’s, where nobody else names one that there is', '', 'zh, sv', 'fr'],
])('the form is in %s', async (_, query, accepted, language) => {
  expect(await languageOf(`/forms/nouvelles${query}`, accepted)).toBe(language)
})

test('the language of the form leads through waiting, confirming, leaving and "not me"', async () => {
  const email = newAddress()
  const answer = await service.fetch('/signups', {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ email, list: 'nouvelles', locale: 'ar', as_typed: '1' }),
    headers: { ...html, 'accept-language': 'en' },
  })
  expect(answer.status).toBe(303)
  expect(await languageOf(new URL(answer.headers.get('location') ?? '', service.base).pathname, 'en')).toBe(
    'ar',
  )
  const letter = await letterFor(service, newAddress(), { list: 'nouvelles', locale: 'ar' })
  expect(await languageOf(letter.confirm, 'en')).toBe('ar')
  expect(await languageOf(letter.notMe, 'en')).toBe('ar')
})

test('a signup in the list’s own language is led on in the browser’s', async () => {
  const letter = await letterFor(service, newAddress(), { list: 'nouvelles', locale: 'fr' })
  expect(await languageOf(letter.confirm, 'de-AT')).toBe('de')
  expect(await languageOf(letter.confirm, 'zh')).toBe('fr')
})

test('an error on the form keeps the form’s language', async () => {
  const page = await postForm(
    service,
    '/signups',
    { email: 'jo@', locale: 'es' },
    { ...html, 'accept-language': 'en' },
  )
  expect(page.status).toBe(422)
  expect(await page.text()).toContain('<html lang="es" dir="ltr">')
})
