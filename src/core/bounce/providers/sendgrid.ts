// SendGrid's Event Webhook: an array of events. https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
import { eventId } from './event-id.ts'
import { address, entry, type JsonRecord, kind, record, statusCode, text } from './json-value.ts'
import { namedIn, ours } from './named-strings.ts'
import type { EventReport, ProviderEvent } from './provider-event.ts'
import { complaint, delayed, type FinalEvent, ownDecision, suppressed, weighEvent } from './weigh-event.ts'

export function readSendgrid(value: unknown): ProviderEvent[] {
  const event = record(value)
  const report = reportOf(event)
  if (report === null) return []
  const own = text(event.sg_event_id)
  const id =
    own === null
      ? eventId(text(event.event), report.recipient, text(event.timestamp ?? event.created), report.reply)
      : eventId(own)
  // Unique arguments come back as members of the event itself; `smtp-id` is the letter's own Message-ID.
  const named = namedIn(ours(event), event.unique_args, event.custom_args, event['smtp-id'], event.category)
  return [{ id, named, report }]
}

function reportOf(event: JsonRecord): EventReport | null {
  const recipient = address(event.email)
  const reply = text(event.reason) ?? text(event.response)
  switch (kind(event.event)) {
    case 'bounce':
      return bounce(event, reply, recipient)
    case 'blocked':
      return bounce({ ...event, type: 'blocked' }, reply, recipient)
    case 'dropped':
      return dropped(reply, recipient)
    case 'deferred':
      return delayed({ reply, recipient })
    case 'spamreport':
      return complaint(recipient)
    case '':
      // An entry of the list of bounces has no event, and the same members otherwise.
      return recipient !== null && text(event.reason) !== null ? bounce(event, reply, recipient) : null
    default:
      return null
  }
}

function bounce(event: JsonRecord, reply: string | null, recipient: string | null): EventReport {
  const isSoft = ['blocked', 'expired'].includes(kind(event.type))
  const lookup = lookupOf(reply)
  return weighEvent({
    replies: lookup === undefined ? [reply] : [],
    shown: reply,
    status: statusCode(event.status),
    lasting: isSoft ? 'transient' : 'permanent',
    recipient,
    otherwise: lookup ?? entry(classes, kind(event.bounce_classification)),
  })
}

/** The classes that say something of their own; "Invalid Address" takes in domains too and adds nothing to a reply. */
const classes: Readonly<Record<string, FinalEvent['otherwise']>> = {
  content: { category: 'policy-or-spam', rule: 'sendgrid-content' },
  reputation: { category: 'policy-or-spam', rule: 'sendgrid-reputation' },
  frequencyorvolume: { category: 'policy-or-spam', rule: 'sendgrid-frequency' },
  technical: { category: 'temporary', rule: 'sendgrid-technical' },
}

/** SendGrid's own search for a mail server, told in the words of its resolver: no other side was asked. */
function lookupOf(reply: string | null): FinalEvent['otherwise'] {
  if (reply === null || !/^unable to get mx info\b/i.test(reply)) return undefined
  const isAnswered = /no such host|unrecognized address/i.test(reply)
  return { category: isAnswered ? 'domain-problem' : 'temporary', rule: 'sendgrid-no-mail-server' }
}

/** Never tried: on one of SendGrid's lists, or refused for what it is. */
function dropped(reply: string | null, recipient: string | null): EventReport {
  const why = kind(reply)
  if (/^spam/.test(why))
    return ownDecision('policy-or-spam', 'sendgrid-dropped-as-spam', { reply, recipient })
  if (/^(?:bounced|unsubscribed|invalid$)/.test(why)) return suppressed({ reply, recipient })
  return ownDecision('other-permanent', 'sendgrid-dropped', { reply, recipient })
}
