import type { Provider } from '../door.ts'
import { readBrevo } from './brevo.ts'
import { list } from './json-value.ts'
import { readMailgun } from './mailgun.ts'
import { readMailjet } from './mailjet.ts'
import { readPostmark } from './postmark.ts'
import type { ProviderEvent } from './provider-event.ts'
import { readResend } from './resend.ts'
import { readSendgrid } from './sendgrid.ts'
import { readSes } from './ses.ts'
import { readSparkpost } from './sparkpost.ts'

/** Five times what the largest batch of the largest sender holds in 5 MB. */
const MOST_EVENTS = 50_000

/** A payload is one thing or a list of them, whichever the provider sends. */
const readers: Readonly<Record<Provider, (value: unknown) => ProviderEvent[]>> = {
  ses: readSes,
  sendgrid: readSendgrid,
  mailgun: readMailgun,
  postmark: readPostmark,
  sparkpost: readSparkpost,
  brevo: readBrevo,
  mailjet: readMailjet,
  resend: readResend,
}

/**
 * What a provider's webhook says about letters that failed, were held up, or were complained about, in its order; an
 * event that stands there twice comes once. Any JSON value gives an answer; what says nothing of the kind gives none.
 */
export function readProviderEvents(provider: Provider, payload: unknown): ProviderEvent[] {
  const read = readers[provider]
  const events = new Map<string, ProviderEvent>()
  for (const value of list(payload, MOST_EVENTS)) {
    for (const event of read(value)) events.set(event.id, event)
  }
  return [...events.values()]
}
