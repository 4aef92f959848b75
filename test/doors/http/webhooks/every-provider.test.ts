// What holds for every provider: its proof, its echo of our marker, and that any bytes are survived.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { headersOf } from '../../../../src/mail/letter-headers.ts'
import { expectProblem, json, newAddress, statusOf } from '../../../support/http.ts'
import { type Call, calling, callOf, refusalOf, webhookSettings } from '../../../support/webhook-calls.ts'
import { openWebhookHouse, type WebhookHouse } from '../../../support/webhook-house.ts'

let house: WebhookHouse
const startedAt = performance.now()
beforeAll(async () => {
  house = await openWebhookHouse()
})
afterAll(async () => {
  expect(house.service.logged.filter((line) => line.includes('request-failed'))).toEqual([])
  await house.close()
})

/** The same call with something about its proof made wrong. */
const spoiled: readonly [string, (call: Call) => Call][] = [
  [
    'no proof',
    ({ body }) => ({ headers: {}, body: Buffer.from(String(body).replace('"signature"', '"other"')) }),
  ],
  [
    'another secret',
    ({ headers, body }) => ({
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          name === 'authorization'
            ? value.startsWith('Basic')
              ? `Basic ${Buffer.from('ayes:another-password-of-somebody').toString('base64')}`
              : 'Bearer another-token-of-somebody'
            : name.endsWith('signature')
              ? `v1,${Buffer.alloc(32, 7).toString('base64')}`
              : value,
        ]),
      ),
      body: Buffer.from(String(body).replace(/"signature":"[0-9a-f]{4}/, '"signature":"0000')),
    }),
  ],
  [
    'half of it',
    ({ headers, body }) => ({
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.slice(0, -6)])),
      body: Buffer.from(String(body).replace(/"token":"./, '"token":"')),
    }),
  ],
]

describe.each(calling)('%s', (provider) => {
  const path = `/bounces/${provider}`

  test('finds the letter by what it gives back of it, and the signup ends', async () => {
    const letter = await house.letterTo(newAddress())
    const call = callOf(provider, refusalOf(provider, letter))
    const answer = await house.post(path, call)
    expect(await json(answer)).toEqual({ received: 1, matched: 1 })
    expect(answer.status).toBe(200)
    expect(await statusOf(house.service, letter.to)).toEqual(['invalid'])
    const reports = await house.reports()
    for (const again of await Promise.all([house.post(path, call), house.post(path, call)])) {
      expect(again.status).toBe(200)
      expect(await json(again)).toEqual({ received: 1, matched: 1 })
    }
    expect(await house.reports()).toBe(reports)
  })

  test('with the address alone finds nothing; the event is kept as unmatched', async () => {
    const letter = await house.letterTo(newAddress())
    const forged = refusalOf(provider, { to: letter.to, header: (name) => noMarker(letter.header(name)) })
    expect(await json(await house.post(path, callOf(provider, forged)))).toEqual({ received: 1, matched: 0 })
    expect(await statusOf(house.service, letter.to)).toEqual(['pending'])
    const kept = await house.service.service.db
      .selectFrom('bounces')
      .select(['door', 'raw'])
      .where('signup_id', 'is', null)
      .where('recipient', '=', letter.to)
      .execute()
    expect(kept.map(({ door }) => door)).toEqual([provider])
    expect(String(kept[0]?.raw)).toContain(letter.to)
  })

  test.each(spoiled)('%s is 401, and nothing of it is kept', async (_, spoil) => {
    const letter = await house.letterTo(newAddress())
    const before = await house.reports()
    const answer = await house.post(path, spoil(callOf(provider, refusalOf(provider, letter))))
    expect(answer.headers.get('www-authenticate')).toMatch(/^(Basic|Bearer|Signature) realm="ayes"$/)
    await expectProblem(answer, 401, 'unauthorized')
    expect(await house.reports()).toBe(before)
    expect(await statusOf(house.service, letter.to)).toEqual(['pending'])
  })

  test.each([
    ['nothing at all', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(10_000)],
    ['bytes of all kinds', Buffer.from(Array.from({ length: 70_000 }, (_, n) => (n * 7919) % 256))],
    ['half of an object', Buffer.from('{"event":')],
    ['5 MB of brackets', Buffer.alloc(5 * 1024 * 1024, '[')],
    ['brackets that close again', Buffer.from('['.repeat(500_000) + ']'.repeat(500_000))],
  ])('%s is no event', async (_, body) => {
    const answer = await house.post(path, callOf(provider, body))
    if (provider === 'mailgun') await expectProblem(answer, 401, 'unauthorized')
    else await expectProblem(answer, 400, 'bad-request')
  })

  test.each([
    ['null', null],
    ['a word', 'bounce'],
    ['a list of lists', [[[]], [null, 1, 'x', { event: [] }]]],
    [
      'members that are no text',
      { toString: 1, event: { toString: 1 }, id: { valueOf: 2 }, headers: [{ name: {} }] },
    ],
  ])('JSON that is no event, %s, is taken and says nothing', async (_, payload) => {
    expect(await json(await house.post(path, callOf(provider, payload)))).toEqual({ received: 0, matched: 0 })
  })

  test('5 MB are taken, and not a byte more', async () => {
    const letter = await house.letterTo(newAddress())
    const mostBytes = 5 * 1024 * 1024
    const event = refusalOf(provider, letter)
    const filled = (length: number) => ({ ...event, filling: 'x'.repeat(length) })
    const room = mostBytes - callOf(provider, filled(0)).body.length
    const tooLarge = await house.post(path, callOf(provider, filled(room + 1)))
    await expectProblem(tooLarge, 413, 'too-large')
    expect(await json(await house.post(path, callOf(provider, filled(room))))).toEqual({
      received: 1,
      matched: 1,
    })
  })

  test('GET is 405', async () => {
    expect((await house.service.fetch(path)).status).toBe(405)
  })
})

const noMarker = (value: string) => value.replace(/[a-z2-7]{42}/g, 'a'.repeat(42))

test('a refused call leaves a line, and further ones in the same minute leave none', () => {
  const lines = house.service.logged.filter((line) => line.includes('webhook-refused'))
  const minutes = Math.ceil((performance.now() - startedAt) / 60_000)
  for (const provider of calling) {
    const own = lines.filter((line) => line.includes(`"${provider}"`)).length
    expect(own).toBeGreaterThan(0)
    expect(own).toBeLessThanOrEqual(minutes + 1)
  }
})

test('without settings there are no such doors, and letters carry no marker', async () => {
  const none = Object.fromEntries(Object.keys(webhookSettings).map((name) => [name, '']))
  const bare = await openWebhookHouse(none)
  for (const provider of ['ses', ...calling]) {
    for (const path of [`/bounces/${provider}`, `/bounces/${provider}/secret`]) {
      await expectProblem(await bare.service.fetch(path, { method: 'POST', body: '{}' }), 404, 'not-found')
    }
  }
  await bare.letterTo('ann@example.com')
  const names = headersOf(bare.sink.letters[0]?.raw ?? '').map(({ name }) => name)
  expect(names).toContain('X-Ayes-Letter')
  expect(names.filter((name) => /^x-(smtpapi|mailgun|pm|msys|mailin|mj|ses)/i.test(name))).toEqual([])
  await bare.close()
})
