import { readWords } from './encoded-words.ts'
import { field, type HeaderBlock, readHeaders } from './header-block.ts'

/** What a report says about one recipient (RFC 3464, section 2.3). */
export type RecipientStatus = {
  final: string | null
  original: string | null
  /** Lower case: failed, delayed, delivered, relayed, expanded, or whatever else stands there. */
  action: string | null
  /** The enhanced status code without comment. */
  status: string | null
  /** The status is of class 2. */
  success: boolean
  /** Diagnostic-Code without its type. */
  diagnostic: string | null
  remoteMta: string | null
}

export type DeliveryStatus = { reportingMta: string | null; recipients: RecipientStatus[] }

const MOST_GROUPS = 50
const FIELD_OF_RECIPIENT =
  /^[ \t]{0,8}(?:final-recipient|original-recipient|action|diagnostic-code)[ \t]{0,3}:/im

/** Reads the body of a `message/delivery-status` part, however its groups are spaced or torn apart. */
export function readDeliveryStatus(body: string): DeliveryStatus {
  const recipients: RecipientStatus[] = []
  let reportingMta: string | null = null
  let at = 0
  for (let groups = 0; at < body.length && groups < MOST_GROUPS; groups += 1) {
    while (body[at] === '\n') at += 1
    const block = readHeaders(body, at)
    at = block.end
    reportingMta ??= withoutType(field(block, 'reporting-mta'))
    const recipient = readRecipient(block)
    if (recipient !== null) add(recipients, recipient)
  }
  return { reportingMta, recipients }
}

/** The fields of a report that stand in the text itself: damaged MIME, or a report pasted into a letter. */
export function findInlineStatus(prose: string): DeliveryStatus | null {
  const found = FIELD_OF_RECIPIENT.exec(prose)
  if (found === null) return null
  const reporting = /^[ \t]{0,8}reporting-mta[ \t]{0,3}:/im.exec(prose)
  const start = Math.min(found.index, reporting?.index ?? found.index)
  const status = readDeliveryStatus(prose.slice(start).replace(/^[ \t]{1,8}(?=[\w-]{4,30}:)/gm, ''))
  return status.recipients.some((one) => one.final !== null || one.original !== null) ? status : null
}

function readRecipient(block: HeaderBlock): RecipientStatus | null {
  const names = ['final-recipient', 'original-recipient', 'action', 'status', 'diagnostic-code']
  if (names.every((name) => field(block, name) === null)) return null
  const status = field(block, 'status')
  const action = field(block, 'action')
  const diagnostic = field(block, 'diagnostic-code')
  return {
    final: address(block, 'final-recipient'),
    original: address(block, 'original-recipient'),
    action: action === null ? null : (/^[a-z]{1,20}/i.exec(action)?.[0].toLowerCase() ?? null),
    status: status === null ? null : (/[245]\.\d{1,3}\.\d{1,3}/.exec(status.slice(0, 200))?.[0] ?? null),
    success: status !== null && /^\W{0,3}2\.\d/.test(status),
    diagnostic: diagnostic === null ? null : diagnostic.replace(/^[\w-]{1,30}[ \t]{0,8};[ \t]{0,8}/, ''),
    remoteMta: withoutType(field(block, 'remote-mta')),
  }
}

/** A group that was torn by an empty line goes back together; a group with a recipient of its own is a new one. */
function add(recipients: RecipientStatus[], next: RecipientStatus): void {
  const last = recipients.at(-1)
  const torn = next.final === null && next.original === null && last !== undefined
  if (!torn) {
    recipients.push(next)
    return
  }
  last.action ??= next.action
  last.status ??= next.status
  last.diagnostic ??= next.diagnostic
  last.remoteMta ??= next.remoteMta
  last.success ||= next.success
}

function address(block: HeaderBlock, name: string): string | null {
  const value = withoutType(field(block, name))
  return bareAddress(value === null ? null : readWords(value))
}

/** `dns; mail.example.com` without what it is called before the semicolon. */
export function withoutType(value: string | null): string | null {
  if (value === null) return null
  const text = value.replace(/^[\w-]{1,30}[ \t]{0,8};/, '').trim()
  return text === '' ? null : text
}

/** `<a@b>`, `a@b (comment)` and the like as the address alone; what holds no address as it stands. */
export function bareAddress(value: string | null): string | null {
  if (value === null) return null
  const text = value.slice(0, 1000)
  const angled = /<([^<>]{1,320})>/.exec(text)?.[1]
  const bare = angled ?? text.split(/[\s<>(),;]/).find((word) => /.@./.test(word)) ?? text.slice(0, 320)
  return bare.trim() === '' ? null : bare.trim()
}
