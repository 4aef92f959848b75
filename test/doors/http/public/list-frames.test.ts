// Which sites may show the form, and where it leads, in a frame.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { html, json } from '../../../support/http.ts'
import { putList } from '../../../support/list-sites.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

const site = 'https://www.example.com'
const other = 'https://other.example'
let service: TestService
let strict: TestService

beforeAll(async () => {
  service = await startTestService()
  strict = await startTestService({ DATABASE_URL: service.databaseUrl, ALLOWED_ORIGINS: other })
  await putList(service, 'open', {})
  await putList(service, 'own', { allowed_origins: [site] })
  await putList(service, 'closed', { allowed_origins: [] })
})
afterAll(async () => {
  await strict?.close()
  await service?.close()
})

describe('frames', () => {
  const ancestors = async (path: string, init: RequestInit = {}, from = service) => {
    const answer = await from.fetch(path, { ...init, headers: { ...html, ...init.headers } })
    const policy = answer.headers.get('content-security-policy') ?? ''
    const options = answer.headers.get('x-frame-options')
    return [/frame-ancestors ([^;]*)/.exec(policy)?.[1], options]
  }
  const post = (list: string, email: string) => ({
    method: 'POST',
    body: new URLSearchParams({ email, list }),
  })

  test('of its sites show the form and where it leads, and of no other', async () => {
    const own = [`'self' ${site}`, null]
    expect(await ancestors('/forms/own')).toEqual(own)
    expect(await ancestors('/forms/own', {}, strict)).toEqual(own)
    expect(await ancestors('/signups', post('own', 'ann@gmial.com'))).toEqual(own)
    expect(await ancestors('/signups', post('own', 'nonsense'))).toEqual(own)
    const { handle } = await json(await service.signUp({ email: 'ann@example.com', list: 'own' }))
    expect(await ancestors(`/signups/${handle}`)).toEqual(own)
    expect(await ancestors('/forms/closed')).toEqual(["'self'", 'SAMEORIGIN'])
  })

  test('of a list that says nothing are those of ALLOWED_ORIGINS', async () => {
    expect(await ancestors('/forms/open')).toEqual(['*', null])
    expect(await ancestors('/forms/open', {}, strict)).toEqual([`'self' ${other}`, null])
  })

  test('and the snippets say which sites may use the form', async () => {
    const page = async (slug: string, from = service) =>
      (await from.fetch(`/forms/${slug}`, { headers: html })).text()
    expect(await page('own')).toContain(
      `Forms, scripts and frames of these sites may use it, and of no other: <code>${site}</code>`,
    )
    expect(await page('closed')).toContain('No other site may use it')
    expect(await page('open')).toContain('Any site may use it')
    expect(await page('open', strict)).toContain(
      `Scripts and frames of these sites may use it: <code>${other}</code>`,
    )
  })
})
