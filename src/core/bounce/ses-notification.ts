import type { RecipientStatus } from './delivery-status.ts'

/** What Amazon's topic service mails to an address that subscribes to bounces: a letter whose text is JSON. */
export type MailedNotification =
  | { kind: 'complaint' }
  | { kind: 'bounce'; reportingMta: string | null; recipients: RecipientStatus[] }
  | { kind: 'other' }

/** Reads the JSON of an SES notification (docs.aws.amazon.com, "notification contents"), or null for any other text. */
export function readMailedNotification(text: string): MailedNotification | null {
  const start = text.search(/\S/)
  if (start === -1 || text[start] !== '{') return null
  // The letter breaks long lines and signs below: the JSON ends at the last brace before the signature.
  const signature = text.indexOf('\n-- ', start)
  const end = text.lastIndexOf('}', signature === -1 ? text.length : signature)
  const parsed = parse(text.slice(start, end + 1).replace(/!?\n ?/g, ''))
  const kind = textOf(parsed.notificationType) ?? textOf(parsed.eventType)
  if (kind === 'Complaint') return { kind: 'complaint' }
  if (kind !== 'Bounce') return kind === null ? null : { kind: 'other' }
  const bounce = record(parsed.bounce)
  const list = Array.isArray(bounce.bouncedRecipients) ? bounce.bouncedRecipients.slice(0, 50) : []
  const reporting = textOf(bounce.reportingMTA)
  return {
    kind: 'bounce',
    reportingMta: reporting?.replace(/^\w{1,10}; */, '') ?? null,
    recipients: list.map((one) => readRecipient(record(one))),
  }
}

function readRecipient(one: Record<string, unknown>): RecipientStatus {
  return {
    final: textOf(one.emailAddress),
    original: null,
    action: textOf(one.action)?.toLowerCase() ?? 'failed',
    status: textOf(one.status),
    success: false,
    diagnostic: textOf(one.diagnosticCode)?.replace(/^[\w-]{1,30} *; */, '') ?? null,
    remoteMta: null,
  }
}

function parse(json: string): Record<string, unknown> {
  try {
    return record(JSON.parse(json))
  } catch {
    return {}
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 4000) : null
}
