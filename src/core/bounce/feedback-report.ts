import { bareAddress, withoutType } from './delivery-status.ts'
import { field, readHeaders } from './header-block.ts'

/** What a feedback report (ARF, RFC 5965) says. */
export type Complaint = {
  /** False for a report that says something else than that the letter was not wanted. */
  isComplaint: boolean
  recipient: string | null
  reporter: string | null
  rule: string
}

/**
 * Types that are no word of the recipient's against the letter: it is no spam after all (RFC 6430), it failed a check
 * of its origin (RFC 6591), a scanner found something in it (RFC 5965).
 */
const OTHER_TYPES = new Set(['not-spam', 'auth-failure', 'virus'])

/** A complaint of which nothing but itself is known. */
export const NO_MORE_SAID: Complaint = {
  isComplaint: true,
  recipient: null,
  reporter: null,
  rule: 'feedback-report',
}

/** Reads the body of a `message/feedback-report` part. One without a type, or of a type nobody knows, is a complaint. */
export function readComplaint(body: string): Complaint {
  const block = readHeaders(body)
  const type = (field(block, 'feedback-type') ?? '').trim().toLowerCase()
  const isComplaint = !OTHER_TYPES.has(type)
  return {
    isComplaint,
    recipient: bareAddress(field(block, 'original-rcpt-to')),
    reporter: withoutType(field(block, 'reporting-mta')),
    rule: isComplaint ? 'feedback-report' : `feedback-report-${type}`,
  }
}
