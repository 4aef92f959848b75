// SendGrid: bytes and time are signed, and events come in batches.
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectProblem, json, newAddress, statusOf } from '../../../support/http.ts'
import { nowInSeconds, refusalOf, sendgridCall } from '../../../support/webhook-calls.ts'
import { openWebhookHouse, type WebhookHouse } from '../../../support/webhook-house.ts'

let house: WebhookHouse
beforeAll(async () => {
  house = await openWebhookHouse()
})
afterAll(() => house.close())

const path = '/bounces/sendgrid'
const day = 86_400
const bodyOf = (...events: object[]) => Buffer.from(JSON.stringify(events))

test('one byte of the body changed, another time or another key is 401', async () => {
  const letter = await house.letterTo(newAddress())
  const call = sendgridCall(bodyOf(refusalOf('sendgrid', letter)))
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const timestamp = 'x-twilio-email-event-webhook-timestamp'
  const wrong = [
    { ...call, body: Buffer.concat([call.body, Buffer.from(' ')]) },
    { ...call, headers: { ...call.headers, [timestamp]: String(nowInSeconds() - 1) } },
    { ...call, headers: { ...call.headers, [timestamp]: 'yesterday' } },
    sendgridCall(call.body, nowInSeconds(), stranger),
  ]
  for (const one of wrong) await expectProblem(await house.post(path, one), 401, 'unauthorized')
  expect(await statusOf(house.service, letter.to)).toEqual(['pending'])
})

test('what was signed before it stopped trying, or is yet to be, is stale, unless it tells nothing new', async () => {
  const letter = await house.letterTo(newAddress())
  const body = bodyOf(refusalOf('sendgrid', letter))
  for (const at of [nowInSeconds() - 2 * day, nowInSeconds() + 3_600]) {
    await expectProblem(await house.post(path, sendgridCall(body, at)), 401, 'unauthorized')
  }
  expect(await statusOf(house.service, letter.to)).toEqual(['pending'])
  // hours late, as after an outage of ours
  expect((await house.post(path, sendgridCall(body, nowInSeconds() - 5 * 3_600))).status).toBe(200)
  expect(await statusOf(house.service, letter.to)).toEqual(['invalid'])
  const repeat = await house.post(path, sendgridCall(body, nowInSeconds() - 2 * day))
  expect(await json(repeat)).toEqual({ received: 1, matched: 1 })
  const nothing = await house.post(path, sendgridCall(bodyOf(), nowInSeconds() - 2 * day))
  expect(nothing.status).toBe(401)
})

test('a batch with what is ours, what is others’, duplicates and rubbish counts each event once', async () => {
  const letters = await Promise.all(Array.from({ length: 6 }, () => house.letterTo(newAddress())))
  const events = letters.map((letter) => refusalOf('sendgrid', letter))
  const foreign = {
    email: 'x@example.com',
    event: 'bounce',
    type: 'bounce',
    sg_event_id: 'f',
    reason: '550 no',
  }
  const delivered = { email: 'x@example.com', event: 'delivered', sg_event_id: 'd' }
  const batch = [...events, null, foreign, 7, ...events.toReversed(), delivered, foreign]
  const before = await house.reports()
  const answers = await Promise.all([
    house.post(path, sendgridCall(bodyOf(...(batch as object[])))),
    house.post(path, sendgridCall(bodyOf(...events.toReversed()))),
  ])
  expect(await Promise.all(answers.map(json))).toEqual([
    { received: 7, matched: 6 },
    { received: 6, matched: 6 },
  ])
  expect(await house.reports()).toBe(before + 7)
  for (const { to } of letters) expect(await statusOf(house.service, to)).toEqual(['invalid'])
  const kept = await house.service.service.db
    .selectFrom('bounces')
    .select('raw')
    .where('signup_id', 'is', null)
    .where('recipient', '=', 'x@example.com')
    .execute()
  // with what told of it, not with the batch
  expect(kept.map(({ raw }) => JSON.parse(String(raw)))).toEqual([foreign])
})

test('a complaint before the bounce of the same letter leaves one state, whatever comes first', async () => {
  const letter = await house.letterTo(newAddress())
  const refusal = refusalOf('sendgrid', letter)
  const complaint = { ...refusal, event: 'spamreport', sg_event_id: letter.to }
  const answer = await house.post(path, sendgridCall(bodyOf(complaint, refusal)))
  expect(await json(answer)).toEqual({ received: 2, matched: 2 })
  const [status] = await statusOf(house.service, letter.to)
  expect(['declined', 'invalid']).toContain(status)
})

test('hundreds of events are taken in one answer', async () => {
  const letters = await Promise.all(Array.from({ length: 10 }, () => house.letterTo(newAddress())))
  const events = letters.flatMap((one) => Array.from({ length: 20 }, () => refusalOf('sendgrid', one)))
  const answer = await house.post(path, sendgridCall(bodyOf(...events)))
  expect(await json(answer)).toEqual({ received: 200, matched: 200 })
}, 120_000)
