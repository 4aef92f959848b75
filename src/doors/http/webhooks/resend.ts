// Resend: Standard Webhooks, HMAC-SHA-256 over an id, a timestamp and the bytes of the body. Also by the names that
// the headers had before there was a standard. https://github.com/standard-webhooks/standard-webhooks
import { createHmac } from 'node:crypto'
import { isSame } from './same-secret.ts'
import { fromSeconds, isStale, parseBody, type Webhook } from './webhook.ts'

/** While a secret is being changed there are two; nobody has more. */
const mostSignatures = 10

/** `key`: in base64. Every attempt is signed anew with its own time, so an old one is never a retry. */
export function resend(key: string): Webhook {
  const secret = Buffer.from(key, 'base64')
  return {
    provider: 'resend',
    challenge: 'Signature realm="ayes"',
    by: 'signature',
    prove({ header, body, now }) {
      const named = (name: string) => header(`webhook-${name}`) ?? header(`svix-${name}`) ?? ''
      const [id, timestamp, signatures] = [named('id'), named('timestamp'), named('signature')]
      const signedAt = fromSeconds(timestamp)
      if (id === '' || signedAt === null) return { kind: 'refused' }
      const expected = createHmac('sha256', secret)
        .update(`${id}.${timestamp}.`)
        .update(body)
        .digest('base64')
      const given = signatures.split(' ').slice(0, mostSignatures)
      const isGenuine = given.filter((one) => isSame(one, `v1,${expected}`)).length > 0
      if (!isGenuine) return { kind: 'refused' }
      return { kind: 'genuine', payload: parseBody(body), isStale: isStale(signedAt, now), once: null }
    },
  }
}
