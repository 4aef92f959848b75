// Mailjet's Event API: one event, or a list of them. https://dev.mailjet.com/email/guides/webhooks/
import type { Category } from '../category.ts'
import { eventId } from './event-id.ts'
import { address, entry, type JsonRecord, kind, parsed, record, text } from './json-value.ts'
import { namedIn } from './named-strings.ts'
import type { EventReport, ProviderEvent } from './provider-event.ts'
import { complaint, delayed, suppressed, weighEvent } from './weigh-event.ts'

export function readMailjet(value: unknown): ProviderEvent[] {
  const event = record(value)
  const recipient = address(event.email)
  const report = reportOf(event, recipient)
  if (report === null) return []
  const message = text(event.Message_GUID) ?? text(event.mj_message_id) ?? text(event.MessageID)
  const id = eventId(kind(event.event), message, recipient, text(event.time))
  const named = namedIn(event.CustomID, parsed(event.Payload), event.Payload, event.customcampaign)
  return [{ id, named, report }]
}

function reportOf(event: JsonRecord, recipient: string | null): EventReport | null {
  const told = { reply: said(event), recipient }
  switch (kind(event.event)) {
    case 'bounce':
      return bounce(event, told)
    case 'blocked':
      // Mailjet did not try: what it writes there it knows from before.
      return { ...suppressed(told), category: blockedFor(kind(event.error)) }
    case 'spam':
      return complaint(recipient)
    default:
      return null
  }
}

/** The closed list of Mailjet's errors ("possible values for errors"): words of its own, not the other side's. */
const errors: Readonly<Record<string, Category>> = {
  userunknown: 'mailbox-does-not-exist',
  mailboxinactive: 'mailbox-disabled',
  quotaexceeded: 'mailbox-full',
  blacklisted: 'policy-or-spam',
  spamreporter: 'policy-or-spam',
  invaliddomain: 'domain-problem',
  nomailhost: 'domain-problem',
  relayaccessdenied: 'policy-or-spam',
  senderblocked: 'policy-or-spam',
  contentblocked: 'policy-or-spam',
  policyissue: 'policy-or-spam',
  systemissue: 'temporary',
  protocolissue: 'temporary',
  connectionissue: 'temporary',
}

function bounce(event: JsonRecord, told: { reply: string | null; recipient: string | null }): EventReport {
  const error = kind(event.error)
  const isHard = event.hard_bounce === true
  // "Delivery will be re-attempted."
  if (error === 'greylisted' && !isHard) return delayed(told)
  const category = entry(errors, error)
  const comment = text(event.comment)
  return weighEvent({
    replies: category === undefined ? [comment, told.reply] : [comment],
    shown: told.reply,
    lasting: isHard ? 'permanent' : 'transient',
    recipient: told.recipient,
    otherwise:
      category === undefined ? undefined : { category: held(category, isHard), rule: `mailjet-${error}` },
  })
}

/** An unknown user that Mailjet itself does not call permanent is not given up. */
function held(category: Category, isHard: boolean): Category {
  return category === 'mailbox-does-not-exist' && !isHard ? 'temporary' : category
}

function blockedFor(error: string): Category {
  return entry(errors, error) === 'policy-or-spam' ? 'policy-or-spam' : 'other-permanent'
}

/** `recipient: user unknown` */
function said(event: JsonRecord): string | null {
  const parts = [text(event.error_related_to), text(event.error)].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join(': ')
}
