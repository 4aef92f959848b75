// Amazon SES, by way of SNS or without it: one notification or event, of one recipient or several.
// https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html and event-publishing-retrieving-sns-contents.html
import { eventId } from './event-id.ts'
import {
  address,
  entry,
  isRecord,
  type JsonRecord,
  kind,
  list,
  parsed,
  record,
  statusCode,
  text,
} from './json-value.ts'
import { namedHeaders, namedIn } from './named-strings.ts'
import type { EventReport, ProviderEvent } from './provider-event.ts'
import { sesClass } from './ses-class.ts'
import { complaint, delayed, notABounce, ownDecision, suppressed, weighEvent } from './weigh-event.ts'

/** A letter of ours has one recipient; SES sends to 50 at most. */
const MOST_RECIPIENTS = 50

export function readSes(value: unknown): ProviderEvent[] {
  const notification = withoutEnvelope(record(value))
  const mail = record(notification.mail)
  const named = namedIn(
    namedHeaders(mail.headers),
    record(mail.tags),
    record(mail.commonHeaders).messageId,
    mail.source,
    record(mail.commonHeaders).returnPath,
  )
  const type = kind(notification.notificationType ?? notification.eventType)
  const details = record(entry(notification, member(type)))
  const own = text(details.feedbackId) ?? text(mail.messageId)
  return reportsOf(type, details, mail).map((report) => ({
    id: eventId(own, type, report.recipient, own === null ? text(details.timestamp) : null),
    named,
    report,
  }))
}

/** An SNS envelope that was not opened yet. */
function withoutEnvelope(value: JsonRecord): JsonRecord {
  const isEnvelope = value.mail === undefined && kind(value.Type) === 'notification'
  return isEnvelope ? record(parsed(value.Message)) : value
}

const members: Readonly<Record<string, string>> = {
  deliverydelay: 'deliveryDelay',
  renderingfailure: 'failure',
}

function member(type: string): string {
  return entry(members, type) ?? type
}

function reportsOf(type: string, details: JsonRecord, mail: JsonRecord): EventReport[] {
  switch (type) {
    case 'bounce':
      return recipients(details.bouncedRecipients).map((one) => bounce(details, one, mail))
    case 'complaint':
      return recipients(details.complainedRecipients).map((one) =>
        complained(details, address(one.emailAddress)),
      )
    case 'deliverydelay':
      return recipients(details.delayedRecipients).map((one) =>
        delayed({ reply: text(one.diagnosticCode), recipient: address(one.emailAddress) }),
      )
    case 'reject':
      return [
        ownDecision('policy-or-spam', 'ses-reject', { reply: text(details.reason), recipient: only(mail) }),
      ]
    case 'renderingfailure':
      return [
        ownDecision('other-permanent', 'ses-rendering-failure', {
          reply: text(details.errorMessage),
          recipient: only(mail),
        }),
      ]
    default:
      return []
  }
}

function bounce(details: JsonRecord, one: JsonRecord, mail: JsonRecord): EventReport {
  const recipient = address(one.emailAddress)
  const reply = text(one.diagnosticCode)
  const status = statusCode(one.status)
  const { lasting, isSuppressed, isGeneralTransient, otherwise } = sesClass(
    kind(details.bounceType),
    kind(details.bounceSubType),
  )
  // SES writes 5.1.1 beside its own refusal.
  if (isSuppressed) return suppressed({ reply, recipient })
  const isDescribed = reply !== null || status !== null || text(one.action) !== null
  if (isGeneralTransient && !isDescribed) return notABounce('transient-without-report', recipient)
  const report = weighEvent({ replies: [reply], status, lasting, recipient, otherwise })
  return { ...report, forwarded: report.forwarded || !isAmong(recipient, mail.destination) }
}

/** `not-spam` withdraws what was said before; a complaint from a list is about an earlier letter, this one never left. */
function complained(details: JsonRecord, recipient: string | null): EventReport {
  if (kind(details.complaintFeedbackType) === 'notspam') return notABounce('not-spam', recipient)
  if (/suppressionlist$/.test(kind(details.complaintSubType))) return suppressed({ reply: null, recipient })
  return complaint(recipient)
}

function recipients(value: unknown): JsonRecord[] {
  return list(value, MOST_RECIPIENTS).filter(isRecord)
}

function only(mail: JsonRecord): string | null {
  const to = list(mail.destination, 2)
  return to.length === 1 ? address(to[0]) : null
}

/** A bounced recipient comes from the report: one to whom the letter was not sent stands behind a forward. */
function isAmong(recipient: string | null, destination: unknown): boolean {
  const sent = list(destination, MOST_RECIPIENTS).map((to) => text(to)?.toLowerCase())
  return recipient === null || sent.length === 0 || sent.some((to) => to?.includes(recipient.toLowerCase()))
}
