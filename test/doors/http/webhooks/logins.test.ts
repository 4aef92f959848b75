// Those who sign nothing: a login, a token, or a secret in the path.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectProblem, json, newAddress } from '../../../support/http.ts'
import { brevoToken, logins, refusalOf } from '../../../support/webhook-calls.ts'
import { openWebhookHouse, type WebhookHouse } from '../../../support/webhook-house.ts'

let house: WebhookHouse
beforeAll(async () => {
  house = await openWebhookHouse({ LOG_LEVEL: 'debug' })
})
afterAll(() => house.close())

const password = logins.mailjet.slice('ayes:'.length)
const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`
const empty = Buffer.from('[]')

test('Mailjet may have its password as the last part of the path, which no log line shows', async () => {
  const letter = await house.letterTo(newAddress())
  const body = Buffer.from(JSON.stringify([refusalOf('mailjet', letter)]))
  const answer = await house.post(`/bounces/mailjet/${password}`, { headers: {}, body })
  expect(await json(answer)).toEqual({ received: 1, matched: 1 })
  expect(house.service.logged.length).toBeGreaterThan(0)
  expect(house.service.logged.filter((line) => line.includes(password))).toEqual([])
})

test('any other part of the path is 401, also with the login beside it', async () => {
  const headers = { authorization: basic(logins.mailjet) }
  for (const part of ['x', password.slice(1), `${password}x`, 'ayes', encodeURIComponent(logins.mailjet)]) {
    await expectProblem(
      await house.post(`/bounces/mailjet/${part}`, { headers, body: empty }),
      401,
      'unauthorized',
    )
  }
  await expectProblem(await house.post('/bounces/mailjet', { headers: {}, body: empty }), 401, 'unauthorized')
})

test('no other provider has a secret in its path', async () => {
  for (const [provider, login] of Object.entries(logins)) {
    if (provider === 'mailjet') continue
    const call = { headers: { authorization: basic(login) }, body: empty }
    expect((await house.post(`/bounces/${provider}/${login.slice(5)}`, call)).status).toBe(404)
  }
})

test.each([
  ['the login of another provider', basic(logins.sparkpost)],
  ['another user', basic(logins.postmark.replace('ayes', 'other'))],
  ['the password alone', basic(logins.postmark.slice(5))],
  ['no base64', `Basic ${logins.postmark}`],
  ['a bearer token', `Bearer ${logins.postmark}`],
  ['nothing behind the word', 'Basic '],
])('%s is 401 at Postmark', async (_, authorization) => {
  const answer = await house.post('/bounces/postmark', { headers: { authorization }, body: empty })
  await expectProblem(answer, 401, 'unauthorized')
})

test('a login is asked for before the body: who has none sends 5 MB for nothing', async () => {
  const body = Buffer.alloc(6 * 1024 * 1024)
  const answer = await house.post('/bounces/postmark', { headers: {}, body }).catch(() => null)
  // the connection may be closed under the sender, who is not read to the end
  expect(answer?.status ?? 401).toBe(401)
})

test('the scheme is written in any case', async () => {
  const bearer = { headers: { authorization: `bearer ${brevoToken}` }, body: empty }
  expect((await house.post('/bounces/brevo', bearer)).status).toBe(200)
  const login = { headers: { authorization: basic(logins.postmark).replace('Basic', 'BASIC') }, body: empty }
  expect((await house.post('/bounces/postmark', login)).status).toBe(200)
})
