// Postmark: one event, known by its RecordType. https://postmarkapp.com/developer/webhooks/bounce-webhook
import type { Category } from '../category.ts'
import { eventId } from './event-id.ts'
import { address, entry, type JsonRecord, kind, record, text } from './json-value.ts'
import { namedIn } from './named-strings.ts'
import type { EventReport, ProviderEvent } from './provider-event.ts'
import {
  complaint,
  delayed,
  type Lasting,
  notABounce,
  ownDecision,
  suppressed,
  weighEvent,
} from './weigh-event.ts'

export function readPostmark(value: unknown): ProviderEvent[] {
  const event = record(value)
  const recipient = address(event.Email) ?? address(event.Recipient)
  const report = reportOf(event, recipient)
  if (report === null) return []
  // The number is longer than JSON's are exact to; a change of the list has none.
  const at = text(event.BouncedAt) ?? text(event.ChangedAt)
  const id = eventId(kind(event.RecordType), text(event.ID), text(event.MessageID), recipient, at)
  // `Content` is the whole report with the letter's headers, where the webhook is set to include it.
  const named = namedIn(event.Metadata, event.Tag, event.Content)
  return [{ id, named, report }]
}

function reportOf(event: JsonRecord, recipient: string | null): EventReport | null {
  switch (kind(event.RecordType)) {
    case 'bounce':
      return bounce(event, recipient)
    case 'spamcomplaint':
      return complaint(recipient)
    case 'subscriptionchange':
      return changed(event, recipient)
    case '':
      // The first webhooks of Postmark were for bounces only and had no record type.
      return text(event.Type) === null || recipient === null ? null : bounce(event, recipient)
    default:
      return null
  }
}

type Kind =
  | { lasting: Lasting; otherwise?: { category: Category; rule: string } }
  | { own: 'policy-or-spam' | 'other-permanent' | 'bad-address' }

/** Postmark's types of bounces that are failures (postmarkapp.com/developer/api/bounce-api, "bounce types"). */
const failures: Readonly<Record<string, Kind>> = {
  hardbounce: { lasting: 'permanent' },
  softbounce: { lasting: 'transient' },
  dnserror: { lasting: 'transient' },
  unknown: { lasting: 'unknown' },
  blocked: { lasting: 'unknown', otherwise: { category: 'policy-or-spam', rule: 'postmark-blocked' } },
  spamnotification: { own: 'policy-or-spam' },
  virusnotification: { own: 'policy-or-spam' },
  dmarcpolicy: { own: 'policy-or-spam' },
  bademailaddress: { own: 'bad-address' },
  unconfirmed: { own: 'other-permanent' },
  smtpapierror: { own: 'other-permanent' },
  templaterenderingfailed: { own: 'other-permanent' },
}

/** `Details` is what the other side said; `Description` explains the type in general words and names every cause. */
function bounce(event: JsonRecord, recipient: string | null): EventReport {
  const type = kind(event.Type)
  const reply = text(event.Details)
  if (type === 'spamcomplaint') return complaint(recipient)
  if (type === 'transient') return delayed({ reply, recipient })
  if (type === 'manuallydeactivated') return suppressed({ reply, recipient })
  const failure = entry(failures, type)
  // Auto-replies, challenges, requests to subscribe or to write elsewhere: the letter arrived.
  if (failure === undefined) return notABounce(`postmark-${type}`, recipient)
  if ('own' in failure) return ownDecision(failure.own, `postmark-${type}`, { reply, recipient })
  return weighEvent({ replies: [reply], recipient, lasting: failure.lasting, otherwise: failure.otherwise })
}

/** An address was put on Postmark's list, or taken from it. */
function changed(event: JsonRecord, recipient: string | null): EventReport | null {
  if (event.SuppressSending !== true) return null
  const why = kind(event.SuppressionReason)
  if (why === 'spamcomplaint') return complaint(recipient)
  return why === 'hardbounce' ? suppressed({ reply: null, recipient }) : null
}
