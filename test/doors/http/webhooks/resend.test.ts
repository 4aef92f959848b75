// Resend: Standard Webhooks, by either name of the headers.
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectProblem, json, newAddress, statusOf } from '../../../support/http.ts'
import { nowInSeconds, refusalOf, resendCall, resendKey } from '../../../support/webhook-calls.ts'
import { openWebhookHouse, type WebhookHouse } from '../../../support/webhook-house.ts'

let house: WebhookHouse
beforeAll(async () => {
  house = await openWebhookHouse()
})
afterAll(() => house.close())

const path = '/bounces/resend'
const bodyOf = (event: object) => Buffer.from(JSON.stringify(event))

test('the example of the standard is signed as we check it', () => {
  // standard-webhooks, libraries, test vectors
  const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
  const signed = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
  expect(createHmac('sha256', secret).update(signed).digest('base64')).toBe(
    'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  )
})

test.each(['svix', 'webhook'])('headers that begin with %s prove it', async (prefix) => {
  const letter = await house.letterTo(newAddress())
  const call = resendCall(bodyOf(refusalOf('resend', letter)), nowInSeconds(), prefix)
  expect(await json(await house.post(path, call))).toEqual({ received: 1, matched: 1 })
})

test('each attempt has its own time: one of five minutes ago is stale, the next attempt is a repeat', async () => {
  const letter = await house.letterTo(newAddress())
  const body = bodyOf(refusalOf('resend', letter))
  for (const at of [nowInSeconds() - 400, nowInSeconds() + 400]) {
    await expectProblem(await house.post(path, resendCall(body, at)), 401, 'unauthorized')
  }
  expect(await statusOf(house.service, letter.to)).toEqual(['pending'])
  const reports = await house.reports()
  for (const at of [nowInSeconds() - 200, nowInSeconds(), nowInSeconds() - 4_000]) {
    expect((await house.post(path, resendCall(body, at))).status).toBe(200)
  }
  expect(await house.reports()).toBe(reports + 1)
})

test.each(['svix-id', 'svix-timestamp', 'svix-signature'])(
  'without %s, or with another, it is 401',
  async (name) => {
    const call = resendCall(bodyOf({ type: 'email.sent' }))
    const { [name]: _, ...without } = call.headers
    await expectProblem(await house.post(path, { ...call, headers: without }), 401, 'unauthorized')
    const other = { ...call.headers, [name]: `${call.headers[name]}1` }
    await expectProblem(await house.post(path, { ...call, headers: other }), 401, 'unauthorized')
  },
)

test('another body, and another version of the signature, are 401', async () => {
  const call = resendCall(bodyOf({ type: 'email.sent' }))
  await expectProblem(
    await house.post(path, { ...call, body: bodyOf({ type: 'email.sent2' }) }),
    401,
    'unauthorized',
  )
  const signature = call.headers['svix-signature']?.replaceAll('v1,', 'v2,') ?? ''
  const headers = { ...call.headers, 'svix-signature': signature }
  await expectProblem(await house.post(path, { ...call, headers }), 401, 'unauthorized')
  expect(resendKey).toHaveLength(32)
})
