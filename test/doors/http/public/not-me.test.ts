// «Not me»: declined, undone, and what it means for letters to come.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
import { lettersTo, letterTo, linkIn } from '../../../support/letters.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService
const post = (path: string, init: RequestInit = {}) => service.fetch(path, { method: 'POST', ...init })

beforeAll(async () => {
  service = await startTestService({ LETTERS_PER_LIST: 'off' })
  await service.service.db
    .insertInto('lists')
    .values({ slug: 'other', name: 'Other', locale: 'en' })
    .execute()
})
afterAll(() => service.close())

test('looking shows a page with one button; posting declines; the page then offers to undo', async () => {
  const email = newAddress()
  const { notMe } = await letterFor(service, email)
  const page = await expectTokenPage(await service.fetch(notMe, { headers: html }), 200)
  expect(page).toContain(`<form method="post" action="${notMe}">`)
  expect(await statusOf(service, email)).toEqual(['pending'])
  const done = await expectTokenPage(await post(notMe, { headers: html }), 200)
  expect(done).toContain(`action="${notMe}/undo"`)
  expect(await statusOf(service, email)).toEqual(['declined'])
  expect(await expectTokenPage(await service.fetch(notMe, { headers: html }), 200)).toContain('/undo"')
})

test('posting needs no body, cookie or Origin, and again changes nothing', async () => {
  const email = newAddress()
  const { notMe } = await letterFor(service, email)
  const answer = await post(notMe, { headers: { origin: 'https://evil.example' } })
  expect(await json(answer)).toEqual({ status: 'declined', list: 'default', email })
  const before = await everythingAbout(service, email)
  const again = await Promise.all([post(notMe), post(notMe), post(notMe)])
  expect(again.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(await everythingAbout(service, email)).toBe(before)
  expect(before.match(/"type":"declined"/g)).toHaveLength(1)
})

test("keeps every list's confirmation letters from the address, until it is undone", async () => {
  const email = newAddress()
  const { notMe } = await letterFor(service, email)
  await post(notMe)
  expect((await service.signUp({ email })).status).toBe(202)
  expect((await service.signUp({ email, list: 'other' })).status).toBe(202)
  expect(await statusOf(service, email)).toEqual(['declined'])
  expect(await lettersTo(service, email)).toHaveLength(1)
  const undone = await post(`${notMe}/undo`, { headers: html })
  await expectTokenPage(undone, 200)
  expect((await service.signUp({ email })).status).toBe(202)
  await letterTo(service, email, 2)
  expect(await statusOf(service, email)).toEqual(['declined', 'pending'])
})

test('somebody on the list leaves it by the link of their first letter', async () => {
  const email = newAddress()
  const { confirm, notMe } = await letterFor(service, email)
  await post(confirm)
  expect((await post(notMe)).status).toBe(200)
  expect(await statusOf(service, email)).toEqual(['unsubscribed'])
  await expectProblem(await post(confirm), 410, 'unsubscribed')
})

test('an older letter declines as well as the newest', async () => {
  const email = newAddress()
  const { notMe } = await letterFor(service, email)
  await service.signUp({ email })
  const newest = await letterTo(service, email, 2)
  await post(notMe)
  await expectProblem(await post(linkIn(newest, 'confirm')), 410, 'declined')
})

test('undoing twice, or what was never declined, changes nothing', async () => {
  const email = newAddress()
  const { notMe } = await letterFor(service, email)
  const before = await everythingAbout(service, email)
  expect((await post(`${notMe}/undo`)).status).toBe(200)
  expect(await everythingAbout(service, email)).toBe(before)
})

test('a token of another purpose, or none, is 404; one whose row is purged is 410', async () => {
  const email = newAddress()
  const { confirm, notMe } = await letterFor(service, email)
  for (const text of [confirm.slice('/confirm/'.length), notMe.slice(9), 'x']) {
    for (const path of [`/not-me/${text}`, `/not-me/${text}/undo`]) {
      await expectProblem(await post(path), 404, 'unknown-link')
    }
    expect((await service.fetch(`/not-me/${text}`, { headers: html })).status).toBe(404)
  }
  await sql`delete from signups where email = ${email}`.execute(service.service.db)
  await expectProblem(await post(notMe), 410, 'link-expired')
  for (const path of [notMe, `${notMe}/undo`]) {
    expect(await expectTokenPage(await post(path, { headers: html }), 410)).toContain('This link has expired')
  }
})
