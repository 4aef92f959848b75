// Mailgun: HMAC-SHA-256 over a timestamp and a token, which stand in the body and do not cover the rest of it.
// https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
import { createHmac } from 'node:crypto'
import { isSame } from './same-secret.ts'
import { fromSeconds, isRecord, isStale, parseBody, type Webhook } from './webhook.ts'

/** It tries again for 8 hours, with the token and timestamp of the first time. */
const keptTrying = 8 * 3_600

const longestToken = 200

/**
 * Since the event is not signed, a token is good for the event that it first came with: whoever has seen one delivery
 * cannot put another event behind its signature, and Mailgun's own retry is the same event.
 */
export function mailgun(key: string): Webhook {
  return {
    provider: 'mailgun',
    challenge: 'Signature realm="ayes"',
    by: 'signature',
    prove({ body, now }) {
      const payload = parseBody(body)
      const signed = isRecord(payload) ? payload.signature : null
      if (!isRecord(payload) || !isRecord(signed)) return { kind: 'refused' }
      const { token } = signed
      const timestamp = typeof signed.timestamp === 'number' ? `${signed.timestamp}` : signed.timestamp
      if (typeof timestamp !== 'string') return { kind: 'refused' }
      const signedAt = fromSeconds(timestamp)
      if (signedAt === null || typeof token !== 'string' || token.length > longestToken) {
        return { kind: 'refused' }
      }
      const expected = createHmac('sha256', key).update(timestamp).update(token).digest('hex')
      // An event of a subaccount is signed with the key of the account above it as well.
      const given = [signed.signature, signed['parent-signature']]
      const isGenuine = given.filter((one) => typeof one === 'string' && isSame(one, expected)).length > 0
      if (token === '' || !isGenuine) return { kind: 'refused' }
      // All of the body but the signature: a reader may look at any of it.
      const { signature: _, ...rest } = payload
      return {
        kind: 'genuine',
        payload,
        isStale: isStale(signedAt, now, keptTrying),
        once: { token: `${timestamp}/${token}`, content: JSON.stringify(rest) },
      }
    },
  }
}
