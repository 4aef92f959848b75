// Brevo, once Sendinblue: one transactional event, or a list of them. https://developers.brevo.com/docs/transactional-webhooks
import { eventId } from './event-id.ts'
import { address, type JsonRecord, kind, record, text } from './json-value.ts'
import { namedIn } from './named-strings.ts'
import type { EventReport, ProviderEvent } from './provider-event.ts'
import { complaint, delayed, ownDecision, weighEvent } from './weigh-event.ts'

export function readBrevo(value: unknown): ProviderEvent[] {
  const event = record(value)
  const recipient = address(event.email)
  const report = reportOf(event, recipient)
  if (report === null) return []
  const messageId = text(event['message-id'])
  // `id` is the webhook's own; the time of the event tells two of one letter apart.
  const at = text(event.ts_event) ?? text(event.ts_epoch) ?? text(event.ts) ?? text(event.date)
  const id = eventId(kind(event.event), messageId, recipient, at)
  const named = namedIn(event['X-Mailin-custom'], event.tags, event.tag, messageId)
  return [{ id, named, report }]
}

function reportOf(event: JsonRecord, recipient: string | null): EventReport | null {
  const reply = text(event.reason)
  const replies = [reply]
  switch (kind(event.event)) {
    case 'hardbounce':
      return weighEvent({ replies, lasting: 'permanent', recipient })
    case 'softbounce':
      return weighEvent({ replies, lasting: 'transient', recipient })
    case 'deferred':
      return delayed({ reply, recipient })
    case 'blocked':
      // On Brevo's list, or the sender is not allowed to write: the other side was not asked.
      return ownDecision('policy-or-spam', 'brevo-blocked', { reply, recipient })
    case 'invalidemail':
    case 'invalid':
      return weighEvent({
        replies,
        lasting: 'permanent',
        recipient,
        otherwise: { category: 'other-permanent', rule: 'brevo-invalid' },
      })
    case 'error':
      return ownDecision('other-permanent', 'brevo-error', { reply, recipient })
    case 'spam':
    case 'complaint':
      return complaint(recipient)
    default:
      return null
  }
}
