// A subscription to a topic of ours is confirmed by itself, and to no other.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSesHouse, type SesHouse } from '../../../support/ses-house.ts'
import { signingCertificate, snsName, subscription } from '../../../support/sns-host.ts'
import { topic } from '../../../support/webhook-calls.ts'

let house: SesHouse
beforeAll(async () => {
  house = await openSesHouse()
})
afterAll(() => house.close())

describe('a subscription', () => {
  test('is confirmed by itself', async () => {
    house.openDoor()
    const message = subscription()
    expect(await house.post(message)).toEqual({ status: 200, body: { received: 0, matched: 0 } })
    expect(house.host.asked[1]).toContain(`Token=${message.Token}`)
    expect(house.logged).toEqual(['webhook-subscribed'])
  })

  test.each<[string, object]>([
    ['to another topic', { TopicArn: `${topic}x` }],
    [
      'with another address than was signed',
      { SubscribeURL: `https://${snsName}/?Action=ConfirmSubscription` },
    ],
    ['with another token than was signed', { Token: 'x' }],
  ])('%s is 401, and its address is not opened', async (_, own) => {
    house.openDoor()
    expect((await house.post({ ...subscription(), ...own })).status).toBe(401)
    expect(house.host.asked.filter((path) => !path.endsWith('.pem'))).toEqual([])
  })

  test.each(['https://example.com/?a', `http://${snsName}/?a`, `https://${snsName}.evil.example/?a`])(
    'at %s is not confirmed, even where it is signed',
    async (SubscribeURL) => {
      house.openDoor()
      expect((await house.post(subscription({ SubscribeURL }))).status).toBe(401)
      expect(house.host.asked).toHaveLength(1)
    },
  )

  test('that Amazon does not confirm is to be sent again', async () => {
    house.openDoor()
    house.host.answer = (request, answer) =>
      void (request.url?.endsWith('.pem')
        ? answer.end(signingCertificate)
        : answer.writeHead(302, { location: '/' }).end())
    expect((await house.post(subscription())).status).toBe(503)
    expect(house.host.asked).toHaveLength(2)
    expect(house.logged).toContain('webhook-subscription-failed')
  })

  test('that is old is not confirmed', async () => {
    house.openDoor()
    expect((await house.post(subscription({ Timestamp: '2020-01-01T00:00:00.000Z' }))).status).toBe(401)
    expect(house.host.asked).toHaveLength(1)
  })

  test('that ended is taken and told of, and its address is not opened', async () => {
    house.openDoor()
    expect((await house.post(subscription({ Type: 'UnsubscribeConfirmation' }))).status).toBe(200)
    expect(house.host.asked).toHaveLength(1)
    expect(house.logged).toEqual(['webhook-unsubscribed'])
  })
})
