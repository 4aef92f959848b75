// Mailgun signs a token and a time, and not the event: a token is good for one event.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectProblem, json, newAddress, statusOf } from '../../../support/http.ts'
import { mailgunSignature, nowInSeconds, refusalOf } from '../../../support/webhook-calls.ts'
import { openWebhookHouse, type WebhookHouse } from '../../../support/webhook-house.ts'

let house: WebhookHouse
beforeAll(async () => {
  house = await openWebhookHouse()
})
afterAll(() => house.close())

type Signed = ReturnType<typeof mailgunSignature>
const send = (signature: object, event: object, more: object = {}) =>
  house.post('/bounces/mailgun', {
    headers: {},
    body: Buffer.from(JSON.stringify({ signature, 'event-data': event, ...more })),
  })
const hours = (n: number) => nowInSeconds() - n * 3_600

test('a signature that was seen is good for its own event again, and for nothing else', async () => {
  const [first, second] = await Promise.all([house.letterTo(newAddress()), house.letterTo(newAddress())])
  const signature = mailgunSignature()
  const event = refusalOf('mailgun', first)
  expect(await json(await send(signature, event))).toEqual({ received: 1, matched: 1 })
  expect(await json(await send(signature, event))).toEqual({ received: 1, matched: 1 })
  await expectProblem(await send(signature, refusalOf('mailgun', second)), 401, 'unauthorized')
  await expectProblem(await send(signature, event, { event: 'bounced' }), 401, 'unauthorized')
  expect(await statusOf(house.service, first.to)).toEqual(['invalid'])
  expect(await statusOf(house.service, second.to)).toEqual(['pending'])
})

test('a signature of an event that tells nothing is good for that one only', async () => {
  const letter = await house.letterTo(newAddress())
  const signature = mailgunSignature()
  expect(await json(await send(signature, { event: 'delivered' }))).toEqual({ received: 0, matched: 0 })
  await expectProblem(await send(signature, refusalOf('mailgun', letter)), 401, 'unauthorized')
  expect(await statusOf(house.service, letter.to)).toEqual(['pending'])
})

test('of two events at once behind one signature one is taken', async () => {
  const letters = await Promise.all([house.letterTo(newAddress()), house.letterTo(newAddress())])
  const signature = mailgunSignature()
  const answers = await Promise.all(letters.map((letter) => send(signature, refusalOf('mailgun', letter))))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401])
})

test('it may come hours late, as Mailgun tries again, but not after that or before its time', async () => {
  const letter = await house.letterTo(newAddress())
  const event = refusalOf('mailgun', letter)
  for (const at of [hours(9), hours(-1)]) {
    await expectProblem(await send(mailgunSignature(at), event), 401, 'unauthorized')
  }
  expect(await statusOf(house.service, letter.to)).toEqual(['pending'])
  expect((await send(mailgunSignature(hours(7)), event)).status).toBe(200)
  expect(await statusOf(house.service, letter.to)).toEqual(['invalid'])
})

test.each<[string, (signature: Signed) => object]>([
  ['another time', (s) => ({ ...s, timestamp: String(nowInSeconds() - 1) })],
  ['another token', (s) => ({ ...s, token: `${s.token}0` })],
  [
    'digits moved from the token into the time',
    (s) => ({ ...s, timestamp: `${s.timestamp}${s.token[0]}`, token: s.token.slice(1) }),
  ],
  ['no token', ({ timestamp, signature }) => ({ timestamp, signature })],
  ['members of another type', (s) => ({ ...s, timestamp: { toString: 1 }, signature: [s.signature] })],
  ['only a signature', (s) => ({ signature: s.signature })],
])('%s is 401', async (_, spoil) => {
  await expectProblem(await send(spoil(mailgunSignature()), { event: 'failed' }), 401, 'unauthorized')
})

test('the time as a number, and the signature of the account above, are good too', async () => {
  const { timestamp, token, signature } = mailgunSignature()
  expect((await send({ timestamp: Number(timestamp), token, signature }, { event: 'opened' })).status).toBe(
    200,
  )
  const own = mailgunSignature()
  const sub = { ...own, signature: '0'.repeat(64), 'parent-signature': own.signature }
  expect((await send(sub, { event: 'opened' })).status).toBe(200)
})

test('tokens are forgotten after two days', async () => {
  const { db } = house.service.service
  await db
    .updateTable('webhook_tokens')
    .set({ taken_at: new Date(Date.now() - 3 * 86_400_000) })
    .execute()
  const count = async () => (await db.selectFrom('webhook_tokens').select('token').execute()).length
  for (let n = 0; n < 3; n++) await send(mailgunSignature(), { event: 'opened', n })
  expect(await count()).toBe(3)
})
