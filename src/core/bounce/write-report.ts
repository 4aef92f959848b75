import { createHash } from 'node:crypto'

export type ReportInput = {
  /** Name of the mail server that reports. */
  reportingMta: string
  /** Header From of the report, `MAILER-DAEMON@…` as a rule. */
  from: string
  /** The return path of the letter that failed: the envelope sender that it went out with. */
  to: string
  recipient: string
  /** Enhanced status code, `5.1.1`. */
  status: string
  /** The SMTP answer of the server that refused, without the `smtp;` before it. */
  diagnostic: string
  /** Headers of the returned letter, Message-ID, X-Ayes-Letter and Return-Path among them. */
  originalHeaders: readonly (readonly [name: string, value: string])[]
  at: Date
  /** Message-ID of the report itself, with or without angle brackets. */
  messageId: string
}

/**
 * A delivery report as a mail server writes it: `multipart/report` of words for people, `message/delivery-status`
 * and `text/rfc822-headers` (RFC 3462, 3464; RFC 6533 where an address is not ASCII). CRLF line ends; no value can
 * break out of its line. To be sent as UTF-8.
 */
export function writeReport(input: ReportInput): string {
  const seed = `${input.messageId}\n${input.recipient}\n${input.at.getTime()}`
  const boundary = `=_report_${createHash('sha256').update(seed).digest('hex').slice(0, 24)}`
  const date = mailDate(input.at)
  const international = /[^\0-\x7f]/.test(input.recipient + input.diagnostic)
  const address = `${international ? 'utf-8' : 'rfc822'}; ${oneLine(input.recipient)}`
  const original = input.originalHeaders.map(
    ([name, value]) => `${oneLine(name).replace(/[^!-9;-~]/g, '')}: ${oneLine(value)}`,
  )
  const lines = [
    'Return-Path: <>',
    `Date: ${date}`,
    `From: Mail Delivery System <${oneLine(input.from)}>`,
    `To: <${oneLine(input.to)}>`,
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: <${oneLine(input.messageId).replace(/[<>]/g, '')}>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="${boundary}"`,
    '',
    'This is a message in MIME format.',
    '',
    `--${boundary}`,
    'Content-Description: Notification',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    `This is the mail system at host ${oneLine(input.reportingMta)}.`,
    '',
    'Your message could not be delivered to one recipient. It is attached below.',
    '',
    `<${oneLine(input.recipient)}>: ${oneLine(input.diagnostic)}`,
    '',
    `--${boundary}`,
    'Content-Description: Delivery report',
    `Content-Type: message/${international ? 'global-' : ''}delivery-status`,
    '',
    `Reporting-MTA: dns; ${oneLine(input.reportingMta)}`,
    `Arrival-Date: ${date}`,
    '',
    `Final-Recipient: ${address}`,
    `Original-Recipient: ${address}`,
    'Action: failed',
    `Status: ${oneLine(input.status)}`,
    `Diagnostic-Code: smtp; ${oneLine(input.diagnostic)}`,
    '',
    `--${boundary}`,
    'Content-Description: Undelivered message headers',
    'Content-Type: text/rfc822-headers',
    '',
    ...original,
    '',
    `--${boundary}--`,
    '',
  ]
  return lines.join('\r\n')
}

function oneLine(value: string): string {
  return value.replace(/[\0-\x1f\x7f]+/g, ' ').trim()
}

/** RFC 5322 date in UTC: `Mon, 23 Nov 2026 21:55:55 +0000`. */
function mailDate(at: Date): string {
  return at.toUTCString().replace(/GMT$/, '+0000')
}
