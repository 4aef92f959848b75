// SparkPost: an array of `{"msys":{"message_event":{…}}}`. https://developers.sparkpost.com/api/webhooks/
import { eventId } from './event-id.ts'
import { address, entry, type JsonRecord, kind, record, text } from './json-value.ts'
import { namedIn } from './named-strings.ts'
import type { EventReport, ProviderEvent } from './provider-event.ts'
import {
  complaint,
  delayed,
  type FinalEvent,
  notABounce,
  ownDecision,
  suppressed,
  weighEvent,
} from './weigh-event.ts'

export function readSparkpost(value: unknown): ProviderEvent[] {
  const msys = record(record(value).msys)
  const event = record(msys.message_event ?? msys.gen_event)
  const recipient = address(event.raw_rcpt_to) ?? address(event.rcpt_to)
  const report = reportOf(event, recipient)
  if (report === null) return []
  const own = text(event.event_id)
  const id =
    own === null
      ? eventId(text(event.type), text(event.message_id), recipient, text(event.timestamp))
      : eventId(own)
  const named = namedIn(event.rcpt_meta, event.rcpt_tags, event.msg_from, event.campaign_id)
  return [{ id, named, report }]
}

function reportOf(event: JsonRecord, recipient: string | null): EventReport | null {
  const reply = text(event.raw_reason) ?? text(event.reason)
  switch (kind(event.type)) {
    case 'bounce':
    case 'outofband':
      return bounce(event, recipient)
    case 'delay':
      return delayed({ reply, recipient })
    case 'policyrejection':
    case 'generationrejection':
      return isSuppressed(reply)
        ? suppressed({ reply, recipient })
        : ownDecision('policy-or-spam', `sparkpost-${kind(event.type)}`, { reply, recipient })
    case 'generationfailure':
      return ownDecision('other-permanent', 'sparkpost-generation-failure', { reply, recipient })
    case 'spamcomplaint':
      return kind(event.fbtype) === 'notspam' ? notABounce('not-spam', recipient) : complaint(recipient)
    default:
      return null
  }
}

/** Bounce classes that are no failure: the letter arrived, and something answered. */
const answers = new Set(['60', '80', '90', '100'])

type Class = Pick<FinalEvent, 'lasting' | 'otherwise'>

const soft: Class = { lasting: 'transient' }
const block: Class = {
  lasting: 'unknown',
  otherwise: { category: 'policy-or-spam', rule: 'sparkpost-block' },
}

/** support.sparkpost.com/docs/deliverability/bounce-classification-codes */
const classes: Readonly<Record<string, Class>> = {
  10: { lasting: 'permanent' },
  20: soft,
  21: soft,
  22: { lasting: 'transient', otherwise: { category: 'mailbox-full', rule: 'sparkpost-mailbox-full' } },
  23: { lasting: 'transient', otherwise: { category: 'other-permanent', rule: 'sparkpost-too-large' } },
  24: soft,
  30: { lasting: 'permanent' },
  40: soft,
  50: block,
  51: block,
  52: block,
  53: block,
  54: block,
  70: soft,
}

function bounce(event: JsonRecord, recipient: string | null): EventReport {
  const number = text(event.bounce_class) ?? ''
  const replies = [text(event.raw_reason), text(event.reason)]
  const told = { reply: replies[0] ?? replies[1] ?? null, recipient }
  if (answers.has(number)) return notABounce(`sparkpost-class-${number}`, recipient)
  if (number === '70' && kind(event.type) === 'outofband') return delayed(told)
  if (number === '25' || number === '26' || isSuppressed(told.reply)) return suppressed(told)
  return weighEvent({ replies, recipient, ...(entry(classes, number) ?? { lasting: 'unknown' }) })
}

function isSuppressed(reply: string | null): boolean {
  return /\bsuppress/i.test(reply ?? '')
}
