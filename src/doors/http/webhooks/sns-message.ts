// A message of Amazon SNS: what of it is signed, and which addresses in it are Amazon's.
// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
import { type KeyObject, verify } from 'node:crypto'
import { isRecord } from './webhook.ts'

const types = ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation'] as const

export type SnsMessage = {
  readonly type: (typeof types)[number]
  readonly topic: string
  readonly sentAt: Date
  readonly certificate: URL
  /** Where a subscription is confirmed, or taken up again; null where none is spoken of, or elsewhere. */
  readonly subscribe: URL | null
  isSignedBy(key: KeyObject): boolean
}

const signedMembers = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const

/** Version 1 is what a topic has unless somebody changed it. */
const algorithms = new Map<unknown, string>([
  ['1', 'RSA-SHA1'],
  ['2', 'RSA-SHA256'],
])

/** Null for what SNS never sends: then nothing of it is looked at any further. */
export function readSnsMessage(payload: unknown): SnsMessage | null {
  if (!isRecord(payload)) return null
  const type = types.find((one) => one === payload.Type)
  const certificate = snsAddress(payload.SigningCertURL)
  const algorithm = algorithms.get(payload.SignatureVersion)
  const { Signature, Timestamp, TopicArn } = payload
  if (type === undefined || certificate === null || algorithm === undefined) return null
  if (!certificate.pathname.endsWith('.pem') || certificate.search !== '') return null
  if (typeof Signature !== 'string' || typeof Timestamp !== 'string' || typeof TopicArn !== 'string')
    return null
  // the region of the topic, arn:aws:sns:REGION:…, signs for it
  if (TopicArn.split(':')[3] !== certificate.hostname.split('.')[1]) return null
  const signed = signedText(type, payload)
  if (signed === null) return null
  return {
    type,
    topic: TopicArn,
    sentAt: new Date(Timestamp),
    certificate,
    subscribe: snsAddress(payload.SubscribeURL),
    isSignedBy: (key) => verify(algorithm, Buffer.from(signed), key, Buffer.from(Signature, 'base64')),
  }
}

/** Name and value of each signed member on a line of its own; a subject that is not there is left out. */
function signedText(type: SnsMessage['type'], payload: Readonly<Record<string, unknown>>): string | null {
  const lines: string[] = []
  for (const name of signedMembers[type]) {
    const value = payload[name]
    if (name === 'Subject' && (value === undefined || value === null)) continue
    if (typeof value !== 'string') return null
    lines.push(name, value)
  }
  return `${lines.join('\n')}\n`
}

/** sns.us-gov-west-1.amazonaws.com and the like: a region, and not some other service's name, which could be a bucket's. */
const hostOfSns = /^sns\.[a-z]{2}(?:-[a-z]{2,12}){1,2}-\d{1,2}\.amazonaws\.com(?:\.cn)?$/

/** An https address at Amazon SNS itself, on the usual port and without a login. */
function snsAddress(text: unknown): URL | null {
  const url = typeof text === 'string' ? URL.parse(text) : null
  if (url === null || url.protocol !== 'https:' || url.port !== '') return null
  if (url.username !== '' || url.password !== '') return null
  return hostOfSns.test(url.hostname) && url.hash === '' ? url : null
}
