// SendGrid: ECDSA over the timestamp and the bytes of the body, with a key of which we have the public half.
// https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
import { createPublicKey, verify } from 'node:crypto'
import { fromSeconds, isStale, parseBody, type Webhook } from './webhook.ts'

/**
 * It tries again for 24 hours, and does not say whether it signs again: with an older signature than that, it is not
 * SendGrid who sends. The body is signed as well, so a repeat within that time tells nothing new.
 */
const keptTrying = 86_400

/** `key`: SPKI as DER, in base64. */
export function sendgrid(key: string): Webhook {
  const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' })
  return {
    provider: 'sendgrid',
    challenge: 'Signature realm="ayes"',
    by: 'signature',
    prove({ header, body, now }) {
      const timestamp = header('x-twilio-email-event-webhook-timestamp') ?? ''
      const signature = header('x-twilio-email-event-webhook-signature') ?? ''
      const signedAt = fromSeconds(timestamp)
      if (signedAt === null || signature === '') return { kind: 'refused' }
      const signed = Buffer.concat([Buffer.from(timestamp), body])
      const given = Buffer.from(signature, 'base64')
      if (!verify('sha256', signed, publicKey, given)) return { kind: 'refused' }
      const stale = isStale(signedAt, now, keptTrying)
      return { kind: 'genuine', payload: parseBody(body), isStale: stale, once: null }
    },
  }
}
