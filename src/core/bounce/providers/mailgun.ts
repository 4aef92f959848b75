// Mailgun: `{"signature":{…},"event-data":{…}}`, or the form fields of its first webhooks.
// https://documentation.mailgun.com/docs/mailgun/user-manual/events/events
import { eventId } from './event-id.ts'
import { address, isRecord, type JsonRecord, kind, parsed, record, statusCode, text } from './json-value.ts'
import { namedIn, ours } from './named-strings.ts'
import type { EventReport, ProviderEvent } from './provider-event.ts'
import { complaint, delayed, ownDecision, suppressed, weighEvent } from './weigh-event.ts'

export function readMailgun(value: unknown): ProviderEvent[] {
  const payload = record(value)
  const event = payload['event-data']
  return isRecord(event) ? readEvent(event) : readForm(payload)
}

function readEvent(event: JsonRecord): ProviderEvent[] {
  const recipient = address(event.recipient)
  const report = reportOf(event, recipient)
  if (report === null) return []
  const headers = record(record(event.message).headers)
  // An id is unique within a day only.
  const id = eventId(
    text(event.id) ?? text(headers['message-id']),
    kind(event.event),
    text(event.timestamp),
    recipient,
  )
  const envelope = record(event.envelope)
  const named = namedIn(event['user-variables'], headers['message-id'], envelope.sender, event.tags)
  return [{ id, named, report }]
}

function reportOf(event: JsonRecord, recipient: string | null): EventReport | null {
  const delivery = record(event['delivery-status'])
  const reply = text(delivery.message) ?? text(delivery.description)
  switch (kind(event.event)) {
    case 'failed': {
      const why = { code: text(delivery.code), reason: kind(event.reason), recipient }
      // The last try of a letter that grew too old is called temporary too.
      const goesOn = kind(event.severity) === 'temporary' && why.reason !== 'old'
      if (goesOn) return delayed({ reply: withCode(reply, why.code), recipient })
      return failed([text(delivery.message), text(delivery.description)], {
        ...why,
        status: statusCode(delivery['enhanced-code']),
        isSoft: kind(delivery['bounce-type']) === 'soft',
      })
    }
    case 'rejected':
      return ownDecision('other-permanent', 'mailgun-rejected', {
        reply: text(record(event.reject).reason),
        recipient,
      })
    case 'complained':
      return complaint(recipient)
    default:
      return null
  }
}

function readForm(form: JsonRecord): ProviderEvent[] {
  const recipient = address(form.recipient)
  const report = formReport(form, recipient)
  if (report === null) return []
  const messageId = text(form['Message-Id']) ?? text(form['message-id'])
  const id = eventId(kind(form.event), messageId ?? text(form.token), recipient, report.reply)
  // Variables of ours are fields of the form; the headers come as one JSON text.
  const named = namedIn(ours(form), ourHeaders(form['message-headers']), messageId)
  return [{ id, named, report }]
}

function formReport(form: JsonRecord, recipient: string | null): EventReport | null {
  const why = {
    code: text(form.code),
    reason: kind(form.reason),
    recipient,
    status: null,
  }
  switch (kind(form.event)) {
    case 'bounced':
      return failed([text(form.error), text(form.notification)], { ...why, isSoft: false })
    case 'dropped':
      return failed([text(form.description), text(form.error)], { ...why, isSoft: false })
    case 'complained':
      return complaint(recipient)
    default:
      return null
  }
}

type Failure = {
  code: string | null
  reason: string
  recipient: string | null
  status: string | null
  isSoft: boolean
}

function failed(
  replies: (string | null)[],
  { code, reason, recipient, status, isSoft }: Failure,
): EventReport {
  const told = { reply: replies.find((reply) => reply !== null) ?? null, recipient }
  // 605, 606 and 607 are Mailgun's own: bounced, unsubscribed or complained before, so not tried.
  if (reason === 'suppresscomplaint' || code === '607')
    return ownDecision('policy-or-spam', 'suppressed-by-provider', told)
  if (/^suppress/.test(reason) || code === '605' || code === '606') return suppressed(told)
  return weighEvent({
    replies: replies.map((reply) => withCode(reply, code)),
    status,
    // A letter that grew too old was put off every time before.
    lasting: isSoft || reason === 'old' ? 'transient' : 'permanent',
    recipient,
  })
}

/** Mailgun keeps the code of an answer apart from its words; 498, 499 and those from 600 on are its own. */
function withCode(reply: string | null, code: string | null): string | null {
  if (reply === null || code === null || !/^(?:4[0-8]\d|49[0-7]|5\d\d)$/.test(code)) return reply
  return /^\W{0,4}[45]\d\d\b/.test(reply) ? reply : `${code} ${reply}`
}

/** `[["Received","…"],…]`: the fields in which a token of ours stands. */
function ourHeaders(value: unknown): unknown[] {
  const headers = parsed(value)
  if (!Array.isArray(headers)) return []
  const wanted = ['x-ayes-letter', 'x-mailgun-variables', 'message-id', 'sender', 'return-path']
  const fields = headers.slice(0, 200).filter(Array.isArray)
  return wanted.flatMap((name) =>
    fields.filter(([field]) => text(field)?.toLowerCase() === name).map((at) => at[1]),
  )
}
