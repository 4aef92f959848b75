// Resend: one event, `{"type":"email.bounced","created_at":…,"data":{…}}`; it sends through Amazon SES and keeps its classes.
// https://resend.com/docs/webhooks/emails/bounced
import { eventId } from './event-id.ts'
import { address, type JsonRecord, kind, list, record, text } from './json-value.ts'
import { namedHeaders, namedIn } from './named-strings.ts'
import type { EventReport, ProviderEvent } from './provider-event.ts'
import { sesClass } from './ses-class.ts'
import { complaint, delayed, notABounce, ownDecision, suppressed, weighEvent } from './weigh-event.ts'

export function readResend(value: unknown): ProviderEvent[] {
  const event = record(value)
  const data = record(event.data)
  const to = list(data.to, 2)
  // The event does not say which of several it is about; a letter of ours has one.
  const recipient = to.length === 1 ? address(bare(text(to[0]))) : null
  const report = reportOf(kind(event.type), data, recipient)
  if (report === null) return []
  const id = eventId(text(event.type), text(data.email_id), text(event.created_at), recipient)
  const named = namedIn(namedHeaders(data.headers), data.tags, data.message_id)
  return [{ id, named, report }]
}

function reportOf(type: string, data: JsonRecord, recipient: string | null): EventReport | null {
  switch (type) {
    case 'emailbounced':
      return bounce(record(data.bounce), recipient)
    case 'emailsuppressed':
      return suppressed({ reply: text(record(data.suppressed).message), recipient })
    case 'emailfailed':
      return ownDecision('other-permanent', 'resend-failed', {
        reply: text(record(data.failed).reason),
        recipient,
      })
    case 'emaildeliverydelayed':
      return delayed({ reply: null, recipient })
    case 'emailcomplained':
      return complaint(recipient)
    default:
      return null
  }
}

function bounce(details: JsonRecord, recipient: string | null): EventReport {
  const replies = list(details.diagnosticCode, 5)
    .map(text)
    .filter((reply) => reply !== null)
  const message = text(details.message)
  const { lasting, isSuppressed, isGeneralTransient, otherwise } = sesClass(
    kind(details.type),
    kind(details.subType),
  )
  if (isSuppressed) return suppressed({ reply: message, recipient })
  if (isGeneralTransient && replies.length === 0) return notABounce('transient-without-report', recipient)
  // The message explains the class in general words: it is shown, and judged only where it quotes a server's reply.
  const quotes = /\b[45]\d\d[ -]|\b[45]\.\d{1,3}\.\d/.test(message ?? '')
  return weighEvent({
    replies: quotes ? [...replies, message] : replies,
    shown: message,
    lasting,
    recipient,
    otherwise,
  })
}

/** `Ann <ann@example.org>` as the address. */
function bare(written: string | null): string | null {
  return /<([^<>]{1,320})>/.exec(written ?? '')?.[1] ?? written
}
