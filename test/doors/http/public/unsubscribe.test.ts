// Leaving, by the page and by the one click of RFC 8058.
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  everythingAbout,
  expectProblem,
  expectTokenPage,
  html,
  json,
  letterFor,
  newAddress,
  statusOf,
} from '../../../support/http.ts'
import { letterTo, linkIn } from '../../../support/letters.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService
const post = (path: string, init: RequestInit = {}) => service.fetch(path, { method: 'POST', ...init })

beforeAll(async () => {
  service = await startTestService({ LETTERS_PER_LIST: 'off' })
})
afterAll(() => service.close())

/** Somebody on the list, and the link by which they leave: the letter that says "already on the list" has it. */
async function subscriber() {
  const email = newAddress()
  const { confirm } = await letterFor(service, email)
  await post(confirm)
  await service.signUp({ email })
  const already = await letterTo(service, email, 2)
  return { email, confirm, already, leave: linkIn(already, 'unsubscribe') }
}

test('the letter to somebody on the list names its way out in its headers, and has no link to confirm', async () => {
  const { already, leave } = await subscriber()
  const header = (name: string) => already.headers.find((one) => one.name.toLowerCase() === name)?.value
  expect(header('list-unsubscribe')).toBe(`<${service.base}${leave}>`)
  expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
  expect(header('list-id')).toMatch(/^<default\./)
  expect(already.text + already.html).not.toContain('/confirm/')
})

test('looking shows a page with a button and changes nothing', async () => {
  const { email, leave } = await subscriber()
  const before = await everythingAbout(service, email)
  for (const query of ['', '?List-Unsubscribe=One-Click', '?x=1']) {
    const page = await expectTokenPage(await service.fetch(leave + query, { headers: html }), 200)
    expect(page).toContain(`<form method="post" action="${leave}">`)
    expect(page).toContain(email)
    expect((await service.fetch(leave + query, { method: 'HEAD' })).status).toBe(200)
  }
  expect(await everythingAbout(service, email)).toBe(before)
})

describe('one click', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const clicks: readonly [string, RequestInit][] = [
    ['as RFC 8058 has it', { body: 'List-Unsubscribe=One-Click', headers: form }],
    [
      'as multipart',
      {
        body: '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
      },
    ],
    ['without a body', {}],
    ['from another origin', { headers: { origin: 'https://mail.example', 'sec-fetch-site': 'cross-site' } }],
    ['of a browser', { headers: html }],
  ]
  test.each(clicks)('%s: 200, no redirect, no cookie', async (_, init) => {
    const { email, leave } = await subscriber()
    const answer = await post(leave, init)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('location')).toBeNull()
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(await statusOf(service, email)).toEqual(['unsubscribed'])
  })
})

test('leaving twice, or many times at once, is leaving: one event, one departure, the same answer', async () => {
  const { email, leave } = await subscriber()
  const answers = await Promise.all(Array.from({ length: 6 }, async () => json(await post(leave))))
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify({ status: 'unsubscribed', list: 'default', email })]),
  )
  const departures = await service.service.db
    .selectFrom('departures')
    .selectAll()
    .where('email', '=', email)
    .execute()
  expect(departures).toMatchObject([{ why: 'unsubscribed' }])
  expect((await everythingAbout(service, email)).match(/"type":"unsubscribed"/g)).toHaveLength(1)
  expect(await expectTokenPage(await service.fetch(leave, { headers: html }), 200)).not.toContain('<form')
})

test('the link does not leave a later subscription of the same person', async () => {
  const { email, leave } = await subscriber()
  await post(leave)
  await service.signUp({ email })
  const newest = linkIn(await letterTo(service, email, 3), 'confirm')
  expect((await json(await post(newest))).status).toBe('confirmed')
  await post(leave)
  expect(await statusOf(service, email)).toEqual(['unsubscribed', 'confirmed'])
})

test('a token of another purpose, or none, is 404', async () => {
  const { confirm, leave } = await subscriber()
  const token = leave.slice('/unsubscribe/'.length)
  for (const text of [confirm.slice('/confirm/'.length), token.slice(1), `${token}=`, 'x']) {
    await expectProblem(await service.fetch(`/unsubscribe/${text}`), 404, 'unknown-link')
    await expectProblem(await post(`/unsubscribe/${text}`), 404, 'unknown-link')
    expect((await post(`/unsubscribe/${text}`, { headers: html })).status).toBe(404)
  }
})

test('the link of somebody of whom nothing is kept any more still works: whoever is gone has left', async () => {
  const { email, leave } = await subscriber()
  await sql`delete from signups where email = ${email}`.execute(service.service.db)
  for (const headers of [{}, html]) {
    expect((await post(leave, { body: 'List-Unsubscribe=One-Click', headers })).status).toBe(200)
    expect((await post(leave, { headers })).status).toBe(200)
  }
  const left = /<h1[^>]*>\s*You have left this list/
  expect(await expectTokenPage(await post(leave, { headers: html }), 200)).toMatch(left)
  expect(await expectTokenPage(await service.fetch(leave, { headers: html }), 410)).toMatch(left)
  await expectProblem(await service.fetch(leave), 410, 'unsubscribed')
})
