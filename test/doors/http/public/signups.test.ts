// POST /signups: what is accepted, in each encoding, and what is answered.
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectProblem, html, json, newAddress, postForm, postMultipart } from '../../../support/http.ts'
import { lettersTo, letterTo } from '../../../support/letters.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService
const week = 7 * 24 * 3_600_000

beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.close())

async function rowOf(email: string) {
  return service.service.db.selectFrom('signups').selectAll().where('email', '=', email).executeTakeFirst()
}

async function peopleStored(): Promise<string> {
  const { rows } = await sql`
    select (select count(*) from signups) as signups, (select count(*) from letters) as letters,
      (select count(*) from addresses) as addresses, (select count(*) from mailboxes) as mailboxes`.execute(
    service.service.db,
  )
  return JSON.stringify(rows)
}

describe('an accepted signup', () => {
  test('is answered with 202 and exactly these members', async () => {
    const email = newAddress()
    const before = Date.now()
    const answer = await service.signUp({ email })
    expect(answer.status).toBe(202)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.headers.get('set-cookie')).toBeNull()
    const body = await json(answer)
    expect(Object.keys(body)).toEqual(['status', 'email', 'handle', 'expires_at'])
    expect(body).toMatchObject({ status: 'pending', email })
    const expires = Date.parse(String(body.expires_at))
    expect(expires).toBeGreaterThanOrEqual(before + week)
    expect(expires).toBeLessThanOrEqual(Date.now() + week)
    expect(body.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test('is stored with its letter and event before the answer', async () => {
    const email = newAddress()
    await service.signUp({ email })
    const { rows } = await sql`
      select from signups s join letters l on l.signup_id = s.id join events e on e.letter_id = l.id
      where s.email = ${email}`.execute(service.service.db)
    expect(rows.length).toBeGreaterThan(0)
  })

  const fields = {
    list: 'default',
    locale: 'de-CH',
    source: 'footer "left" <b>',
    'attributes[first name]': "O'Brien, \u{1F600}",
    'attributes[b]': '=1+1',
    consent: 'I <b>agree</b>\r\nto it',
    unknown: 'ignored',
  }
  const stored = {
    status: 'pending',
    locale: 'de',
    source: 'footer "left" <b>',
    attributes: { 'first name': "O'Brien, \u{1F600}", b: '=1+1' },
    consent_as_posted: 'I <b>agree</b>\r\nto it',
  }
  test.each([
    ['application/x-www-form-urlencoded', postForm],
    ['multipart/form-data', postMultipart],
  ])('may come as %s', async (_, post) => {
    const email = newAddress()
    expect((await post(service, '/signups', { email, ...fields })).status).toBe(202)
    expect(await rowOf(email)).toMatchObject(stored)
  })

  test('may come as JSON, with unknown fields', async () => {
    const email = newAddress()
    const { source, attributes, consent_as_posted: consent } = stored
    const more = { list: 'default', locale: 'de-CH', source, attributes, consent, unknown: { a: [1] } }
    expect((await service.signUp({ email, ...more })).status).toBe(202)
    expect(await rowOf(email)).toMatchObject(stored)
  })

  test('remembers the client and its agent with the event', async () => {
    const email = newAddress()
    await service.signUp({ email }, { 'user-agent': 'Test/1.0' })
    const row = await rowOf(email)
    const event = await service.service.db
      .selectFrom('events')
      .selectAll()
      .where('signup_id', '=', row?.id ?? '')
      .executeTakeFirst()
    expect(event).toMatchObject({ client: '127.0.0.1', agent: 'Test/1.0' })
  })

  test.each([
    ['the field', { locale: 'de' }, { 'accept-language': 'en' }, /^Bitte/],
    [
      'Accept-Language without the field',
      {},
      { 'accept-language': 'sv;q=0.9, de;q=0.8, en;q=0.1' },
      /^Bitte/,
    ],
    ['the list without both', {}, {}, /^Please/],
  ])('gets its letter in the language of %s', async (_, more, headers, subject) => {
    const email = newAddress()
    await service.signUp({ email, ...more }, headers)
    expect((await letterTo(service, email)).subject).toMatch(subject)
  })

  test("puts none of the visitor's words into the letter", async () => {
    const email = newAddress()
    const words = 'buy-pills-at.example'
    await service.signUp({ email, source: words, consent: words, attributes: { [words]: words } })
    const letter = await letterTo(service, email)
    expect(letter.text + letter.html + letter.subject).not.toContain(words)
  })

  test('from a page leads to the waiting page', async () => {
    const answer = await postForm(service, '/signups', { email: newAddress() }, html)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toMatch(/^(http:\/\/[^/]+)?\/signups\/[A-Za-z0-9_-]{74}$/)
  })

  test('has a new handle each time', async () => {
    const email = newAddress()
    const handles = await Promise.all(
      [1, 2, 3].map(async () => (await json(await service.signUp({ email }))).handle),
    )
    expect(new Set(handles).size).toBe(3)
  })
})

describe('a honeypot that is filled in', () => {
  test.each([
    ['JSON', (email: string) => service.signUp({ email, website: 'x' })],
    ['a form', (email: string) => postForm(service, '/signups', { email, website: 'x' })],
  ])('is answered like anything else and stores nothing: %s', async (_, post) => {
    const before = await peopleStored()
    const answer = await post(newAddress())
    expect(answer.status).toBe(202)
    expect(Object.keys(await json(answer))).toEqual(['status', 'email', 'handle', 'expires_at'])
    expect(await peopleStored()).toBe(before)
  })

  test('left empty is none', async () => {
    const email = newAddress()
    await postForm(service, '/signups', { email, website: '' })
    expect(await rowOf(email)).toBeDefined()
  })
})

describe('a slip', () => {
  test('may be an address that could be right: it is asked about, and taken as typed', async () => {
    for (const [email, meant] of [
      ['www.ann@gmail.com', 'ann@gmail.com'],
      ['ann@gm\u0430il.com', 'ann@gmail.com'],
    ] as const) {
      const answer = await expectProblem(await service.signUp({ email }), 409, 'did-you-mean')
      expect(answer.suggestion).toEqual({ email: meant, domain: 'gmail.com', reason: 'format' })
      expect((await service.signUp({ email, as_typed: true })).status).toBe(202)
    }
  })

  test('is a question: 409, nothing stored, nothing sent', async () => {
    const before = await peopleStored()
    const body = await expectProblem(
      await service.signUp({ email: 'Ann.Lee@gmial.com' }),
      409,
      'did-you-mean',
      {
        email: 'Ann.Lee@gmial.com',
        suggestion: { email: 'Ann.Lee@gmail.com', domain: 'gmail.com', reason: 'typo' },
      },
    )
    expect(body).not.toHaveProperty('handle')
    expect(await peopleStored()).toBe(before)
    expect(await lettersTo(service, 'Ann.Lee@gmial.com')).toEqual([])
  })

  test.each([true])('is taken as it is with as_typed %j in JSON', async (as_typed) => {
    expect((await service.signUp({ email: 'json@gmial.com', as_typed })).status).toBe(202)
  })

  test.each(['on', '1', 'true'])('is taken as it is with as_typed=%s in a form', async (as_typed) => {
    expect((await postForm(service, '/signups', { email: `${as_typed}@gmial.com`, as_typed })).status).toBe(
      202,
    )
  })

  test.each(['', 'off', '0', 'false'])('is asked about with as_typed=%j in a form', async (as_typed) => {
    expect((await postForm(service, '/signups', { email: 'no@gmial.com', as_typed })).status).toBe(409)
  })

  test('from a page is a page with both ways on, which lose nothing', async () => {
    const fields = { email: 'ann@gmial.com', source: 'foot"er', 'attributes[a]': '<1>', consent: 'yes' }
    const answer = await postForm(service, '/signups', fields, html)
    expect(answer.status).toBe(409)
    const page = await answer.text()
    expect(page).toContain('value="ann@gmail.com"')
    expect(page).toContain('value="ann@gmial.com"')
    expect(page).toContain('name="as_typed"')
    expect(page.split('name="attributes[a]" value="&lt;1&gt;"')).toHaveLength(3)
    expect(page.split('name="source" value="foot&quot;er"')).toHaveLength(3)
    expect(page).not.toContain('<1>')
  })
})

test('the form itself is a page that posts here', async () => {
  const answer = await service.fetch('/forms/default', { headers: html })
  expect(answer.status).toBe(200)
  expect(await answer.text()).toMatch(/<form method="post" action="\/signups"/)
  await expectProblem(await service.fetch('/forms/unknown'), 404, 'unknown-list')
})
