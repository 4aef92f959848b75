import { type Category, isAboutTheAddress } from '../category.ts'
import { type WeighedVerdict, weighReply } from '../judge-reply.ts'
import { readSmtpReply } from '../smtp-reply.ts'
import type { EventReport } from './provider-event.ts'

/** What the provider says of how lasting the failure is. Lasting alone never means that a mailbox does not exist. */
export type Lasting = 'permanent' | 'transient' | 'unknown'

export type FinalEvent = {
  /** What the other side said, the most original text first. */
  replies: readonly (string | null)[]
  /** The enhanced status code that stands beside it. */
  status?: string | null
  /** What is shown, and not judged, where there is no reply. */
  shown?: string | null
  lasting: Lasting
  recipient: string | null
  /** What the provider's own class means where no reply says why; `temporary` or `other-permanent` where it is silent. */
  otherwise?: { category: Category; rule: string } | undefined
}

const LONGEST_SHOWN = 1000

/** One verdict on a letter that the provider has given up: by the same book of rules as any reply. */
export function weighEvent(event: FinalEvent): EventReport {
  const { recipient } = event
  const status = event.status ?? null
  const replies = event.replies.filter((reply) => reply !== null).map(withoutType)
  const weighed = replies.map((reply) => ({ reply, verdict: weighReply(reply, null, status) }))
  const decided =
    weighed.find(({ verdict }) => verdict.weight === 'words') ??
    weighed.find(({ verdict }) => verdict.weight === 'code') ??
    weighed[0]
  const reply = decided?.reply ?? null
  const verdict = decided?.verdict ?? weighReply('', null, status)
  const { category, rule } = settle(verdict, reply, event)
  return {
    isBounce: true,
    category,
    status: verdict.status ?? status,
    reply: oneLine(reply ?? event.shown ?? null),
    recipient,
    forwarded: isAboutTheAddress(category) && namesAnother(reply, recipient),
    rule,
  }
}

function settle(
  verdict: WeighedVerdict,
  reply: string | null,
  { lasting, otherwise }: FinalEvent,
): { category: Category; rule: string } {
  const { category, rule, weight } = verdict
  if (weight === 'words' || weight === 'code') {
    const holds = lasting !== 'transient' || !isAboutTheAddress(category) || isFinalReply(verdict, reply)
    return holds ? { category, rule } : { category: 'temporary', rule: `for-now:${rule}` }
  }
  if (otherwise !== undefined) return otherwise
  if (lasting === 'transient' && category === 'other-permanent')
    return { category: 'temporary', rule: `for-now:${rule}` }
  return { category, rule }
}

/**
 * Where the provider speaks of something that passes, only the other side's own 5xx says that an address is dead.
 * That a domain takes no mail is found out without another side, so there words are enough.
 */
function isFinalReply(verdict: WeighedVerdict, reply: string | null): boolean {
  if (reply === null) return false
  if (verdict.category === 'domain-problem' && verdict.weight === 'words') return true
  const { code, statuses } = readSmtpReply(reply)
  return code !== null ? code >= 500 : statuses[0]?.startsWith('5.') === true
}

/** Reply code and address at another domain: a server behind a forward speaks of its own user. */
function namesAnother(reply: string | null, recipient: string | null): boolean {
  const named = /^[45]\d\d[- ](?:#?[45]\.\d{1,3}\.\d{1,3} )?<([^<>\s@]{1,128}@[^<>\s@]{1,255})>/.exec(
    reply ?? '',
  )
  const domain = recipient?.slice(recipient.lastIndexOf('@')).toLowerCase()
  return named?.[1] !== undefined && domain !== undefined && !named[1].toLowerCase().endsWith(domain)
}

/** `smtp; 550 …` as it stands in a Diagnostic-Code field. */
function withoutType(reply: string): string {
  return reply.replace(/^[\w-]{1,30} {0,3}; {0,3}/, '').trim()
}

/** A failure that the provider decided without asking the other side: whatever it writes is nothing new. */
export function ownDecision(
  category: Extract<Category, 'policy-or-spam' | 'other-permanent' | 'bad-address' | 'temporary'>,
  rule: string,
  told: { reply: string | null; recipient: string | null },
): EventReport {
  return {
    ...told,
    isBounce: true,
    category,
    rule,
    reply: oneLine(told.reply),
    status: null,
    forwarded: false,
  }
}

/** On the provider's list of addresses that it does not write to: nothing is learned about the mailbox. */
export function suppressed(told: { reply: string | null; recipient: string | null }): EventReport {
  return ownDecision('other-permanent', 'suppressed-by-provider', told)
}

/** Not delivered yet, and the provider goes on trying: its last word is still to come. */
export function delayed(told: { reply: string | null; recipient: string | null }): EventReport {
  return { ...notABounce('delayed', told.recipient), reply: oneLine(told.reply) }
}

export function complaint(recipient: string | null): EventReport {
  return { ...notABounce('provider-complaint', recipient), category: 'complaint' }
}

export function notABounce(rule: string, recipient: string | null): EventReport {
  return { isBounce: false, category: null, status: null, reply: null, recipient, forwarded: false, rule }
}

function oneLine(reply: string | null): string | null {
  const line = (reply ?? '').replace(/\s+/g, ' ').trim().slice(0, LONGEST_SHOWN)
  return line === '' ? null : line
}
