// A complaint as mailbox providers write it (ARF, RFC 5965).
import type { OutgoingLetter } from '../../src/mail/mailer.ts'

/** `mark` makes another report of it. */
export function complaintAbout(letter: OutgoingLetter, mark = '1'): string {
  return [
    'From: abuse@example.net',
    `To: ${letter.envelopeFrom}`,
    'MIME-Version: 1.0',
    `Message-ID: <${mark}@example.net>`,
    'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'This is an abuse report.',
    '--b',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'User-Agent: Test/1.0',
    'Version: 1',
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: <${letter.messageId}>`,
    '',
    '--b--',
    '',
  ].join('\r\n')
}
