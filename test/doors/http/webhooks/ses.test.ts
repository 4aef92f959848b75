// Amazon SES by way of SNS: what is signed, and what is fetched for whom.

import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSnsMessage } from '../../../../src/doors/http/webhooks/sns-message.ts'
import { noticeOf, openSesHouse, type SesHouse } from '../../../support/ses-house.ts'
import { snsMessage, snsName } from '../../../support/sns-host.ts'
import { topic } from '../../../support/webhook-calls.ts'

let house: SesHouse
beforeAll(async () => {
  house = await openSesHouse()
})
afterAll(() => house.close())

describe('a notification', () => {
  test.each(['1', '2'])(
    'signed in version %s ends the signup of the letter that it names',
    async (version) => {
      house.openDoor()
      const about = await house.letter()
      const message = snsMessage({
        Message: noticeOf(about),
        SignatureVersion: version,
        Subject: 'Amazon SES Email Event',
      })
      expect(await house.post(message)).toEqual({ status: 200, body: { received: 1, matched: 1 } })
      expect(await house.statusOf(about)).toBe('invalid')
      expect(await house.post(message)).toEqual({ status: 200, body: { received: 1, matched: 1 } })
      // one certificate for all
      expect(house.host.asked).toHaveLength(1)
    },
  )

  test('with no subject, or one that is null, is signed without it', async () => {
    house.openDoor()
    for (const Subject of [undefined, null]) {
      const message = snsMessage({ Message: noticeOf(await house.letter()), Subject })
      expect((await house.post(message)).status).toBe(200)
    }
  })

  test.each(['Message', 'MessageId', 'Timestamp', 'Subject', 'Type', 'Signature'])(
    'with another %s than was signed is 401',
    async (name) => {
      house.openDoor()
      const about = await house.letter()
      const message = snsMessage({ Message: noticeOf(about), Subject: 'x' })
      const other = { Timestamp: new Date(Date.now() - 1_000).toISOString(), Type: 'UnsubscribeConfirmation' }
      const changed = { ...message, [name]: Object(other)[name] ?? `${message[name]} ` }
      if (name === 'Signature') changed.Signature = Buffer.alloc(256, 1).toString('base64')
      expect((await house.post(changed)).status).toBe(401)
      expect(await house.statusOf(about)).toBe('pending')
    },
  )

  test('signed in the one version and labelled with the other, or with a third, is 401', async () => {
    house.openDoor()
    const message = snsMessage({})
    for (const SignatureVersion of ['2', '3', 'toString', 1]) {
      expect((await house.post({ ...message, SignatureVersion })).status).toBe(401)
    }
  })

  test('signed by somebody else is 401', async () => {
    house.openDoor()
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    expect((await house.post(snsMessage({}, stranger))).status).toBe(401)
  })

  test('older than SNS goes on trying is 401, unless it tells nothing new', async () => {
    house.openDoor()
    const about = await house.letter()
    const Message = noticeOf(about)
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
    for (const Timestamp of [ago(70), ago(-10), 'yesterday']) {
      expect((await house.post(snsMessage({ Message, Timestamp }))).status).toBe(401)
    }
    expect(await house.statusOf(about)).toBe('pending')
    expect((await house.post(snsMessage({ Message, Timestamp: ago(55) }))).status).toBe(200)
    expect((await house.post(snsMessage({ Message, Timestamp: ago(70) }))).status).toBe(200)
  })
})

describe('nothing is fetched', () => {
  test.each<[string, object]>([
    ['for another topic', { TopicArn: `${topic}x` }],
    ['over http', { SigningCertURL: `http://${snsName}/a.pem` }],
    ['from another host', { SigningCertURL: 'https://sns.example.com/a.pem' }],
    ['from a host that begins like it', { SigningCertURL: `https://${snsName}.example.com/a.pem` }],
    [
      'from a host that ends like it',
      { SigningCertURL: 'https://evil-sns.eu-central-1.amazonaws.com/a.pem' },
    ],
    ['from a bucket', { SigningCertURL: 'https://sns.s3.eu-central-1.amazonaws.com/a.pem' }],
    ['from a bucket that is called sns', { SigningCertURL: 'https://sns.s3.amazonaws.com/a.pem' }],
    ['with a fragment', { SigningCertURL: `https://${snsName}/a.pem#1` }],
    ['from a host behind a login', { SigningCertURL: `https://${snsName}@example.com/a.pem` }],
    ['with a login', { SigningCertURL: `https://a:b@${snsName}/a.pem` }],
    ['from another port', { SigningCertURL: `https://${snsName}:8443/a.pem` }],
    ['of another kind', { SigningCertURL: `https://${snsName}/?Action=Publish` }],
    ['of another kind that ends like it', { SigningCertURL: `https://${snsName}/?a=.pem` }],
    ['from no address', { SigningCertURL: 'a.pem' }],
    ['from two addresses', { SigningCertURL: [`https://${snsName}/a.pem`] }],
    ['for another type', { Type: 'Something' }],
    ['without a message', { Message: undefined }],
  ])('%s', async (_, own) => {
    house.openDoor()
    expect((await house.post({ ...snsMessage({}), ...own })).status).toBe(401)
    expect(house.host.asked).toEqual([])
  })

  test.each([
    ['us-gov-west-1', 'sns.us-gov-west-1.amazonaws.com', true],
    ['cn-north-1', 'sns.cn-north-1.amazonaws.com.cn', true],
    ['eu-central-1', 'sns.eu-west-1.amazonaws.com', false],
  ])('a topic of %s is signed from its own region: %s', (region, host, isGood) => {
    const own = { TopicArn: `arn:aws:sns:${region}:123456789012:x`, SigningCertURL: `https://${host}/a.pem` }
    expect(readSnsMessage({ ...snsMessage({}), ...own }) !== null).toBe(isGood)
  })
})
