// Amazon SNS as it is seen from here: an https server on loopback under Amazon's name, and messages that it signed.
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { LookupFunction } from 'node:net'
import { openFetchText } from '../../src/doors/http/webhooks/fetch-text.ts'
import { makeCertificate } from './certificate.ts'
import { topic } from './webhook-calls.ts'

export const snsName = 'sns.eu-central-1.amazonaws.com'
const tls = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const tlsCertificate = makeCertificate({ name: snsName, key: tls })
const signer = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
export const signingCertificate = makeCertificate({ name: 'sns.amazonaws.com', key: signer })

export type SnsHost = {
  /** Paths that were asked for, in their order. */
  readonly asked: string[]
  /** What it answers; the signing certificate, or a confirmation, unless it is set. */
  answer: RequestListener
  /** Names that were looked up. */
  readonly lookedUp: string[]
  readonly fetchText: ReturnType<typeof openFetchText>
  close(): Promise<void>
}

export async function openSnsHost(): Promise<SnsHost> {
  const asked: string[] = []
  const lookedUp: string[] = []
  const server = createServer(
    { key: tls.export({ format: 'pem', type: 'pkcs8' }), cert: tlsCertificate },
    (...call) => {
      asked.push(call[0].url ?? '')
      host.answer(...call)
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const lookup: LookupFunction = (name, _options, found) => {
    lookedUp.push(name)
    found(null, [{ address: '127.0.0.1', family: 4 }])
  }
  const host: SnsHost = {
    asked,
    lookedUp,
    answer: (_, answer) => void answer.end(signingCertificate),
    fetchText: openFetchText({ ca: tlsCertificate, lookup, port }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return host
}

type Members = Record<string, string | null | undefined>

/** A message as SNS signs it; `own` goes over its members before it is signed. */
export function snsMessage(own: Members, key: KeyObject = signer): Members {
  const message: Members = {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: topic,
    Message: '{}',
    Timestamp: new Date().toISOString(),
    SignatureVersion: '1',
    SigningCertURL: `https://${snsName}/SimpleNotificationService-0123456789abcdef.pem`,
    ...own,
  }
  const names =
    message.Type === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const text = names.flatMap((name) => {
    const value = message[name]
    return typeof value === 'string' ? [`${name}\n${value}\n`] : []
  })
  const algorithm = message.SignatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1'
  return { ...message, Signature: sign(algorithm, Buffer.from(text.join('')), key).toString('base64') }
}

export function subscription(own: Members = {}): Members {
  const token = randomUUID()
  return snsMessage({
    Type: 'SubscriptionConfirmation',
    Message: 'You have chosen to subscribe to the topic.',
    Token: token,
    SubscribeURL: `https://${snsName}/?Action=ConfirmSubscription&TopicArn=${topic}&Token=${token}`,
    ...own,
  })
}
