// Amazon SES, by way of SNS: a signature with a certificate of Amazon's, and a topic of ours. A subscription to such a
// topic is confirmed by itself. https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html
import type { Log } from '../../../log.ts'
import type { FetchText } from './fetch-text.ts'
import { openSnsCertificates } from './sns-certificates.ts'
import { readSnsMessage, type SnsMessage } from './sns-message.ts'
import { isStale, type Proof, parseBody, type Webhook } from './webhook.ts'

/** SNS tries again for an hour at most ("total policy retry time"), with the time and signature of the first time. */
const keptTrying = 3_600

type Options = { topics: readonly string[]; fetchText: FetchText; log: Pick<Log, 'info' | 'warn'> }

/** In this order: a topic of ours and Amazon's addresses, then the certificate is fetched, then anything else. */
export function ses({ topics, fetchText, log }: Options): Webhook {
  const certificates = openSnsCertificates(fetchText)

  async function settle(message: SnsMessage): Promise<Proof> {
    if (message.type === 'UnsubscribeConfirmation') {
      log.warn('webhook-unsubscribed', { provider: 'ses' })
      return { kind: 'settled' }
    }
    if (message.subscribe === null) return { kind: 'refused' }
    const { kind } = await fetchText(message.subscribe)
    log[kind === 'text' ? 'info' : 'warn'](
      kind === 'text' ? 'webhook-subscribed' : 'webhook-subscription-failed',
      { provider: 'ses' },
    )
    return { kind: kind === 'text' ? 'settled' : 'unsure' }
  }

  return {
    provider: 'ses',
    challenge: 'Signature realm="ayes"',
    by: 'signature',
    async prove({ body, now }) {
      const payload = parseBody(body)
      const message = readSnsMessage(payload)
      if (message === null || !topics.includes(message.topic)) return { kind: 'refused' }
      const found = await certificates.keyOf(message.certificate, now)
      if (found.kind === 'unreachable') return { kind: 'unsure' }
      if (found.kind === 'none' || !message.isSignedBy(found.key)) return { kind: 'refused' }
      const stale = isStale(message.sentAt, now, keptTrying)
      if (message.type === 'Notification') return { kind: 'genuine', payload, isStale: stale, once: null }
      return stale ? { kind: 'refused' } : settle(message)
    },
  }
}
