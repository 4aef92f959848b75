import { describe, expect, test } from 'vitest'
import { readReport } from '../../../src/core/bounce/read-report.ts'
import { deliveryReport, recipientFields, returnedHeaders } from './sample-reports.ts'

const daemon = (subject: string, prose: string) =>
  `Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.net>\nSubject: ${subject}\n\n${prose}\n`

const messages: [what: string, message: string][] = [
  // Late
  [
    'Sendmail',
    daemon(
      'Warning: could not send message for past 4 hours',
      '    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n\n<ann@example.org>... Deferred: 450 User unknown\nWarning: message still undelivered after 4 hours\nWill keep trying until message is 5 days old',
    ),
  ],
  [
    'Exim',
    daemon(
      'Warning: message 1abc delayed 24 hours',
      'A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.\n\nNo action is required on your part. Delivery attempts will continue for\nsome time',
    ),
  ],
  [
    'Postfix',
    deliveryReport({
      prose:
        '# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n\nYour message could not be delivered for more than 1 hour(s).\nIt will be retried until it is 5 day(s) old.',
      fields: recipientFields({ action: 'delayed', status: '4.1.1', diagnostic: '450 4.1.1 User unknown' }),
    }),
  ],
  [
    'Exchange',
    daemon(
      'Delivery Status Notification (Delay)',
      'This is an automatically generated Delivery Status Notification.\n\nTHIS IS A WARNING MESSAGE ONLY.\n\nDelivery to the following recipients has been delayed.\n\n       ann@example.org',
    ),
  ],
  [
    'Microsoft 365',
    daemon(
      'Delivery delayed: Please confirm',
      "Delivery to these recipients or groups is delayed:\nann@example.org\n\nSubject: Please confirm\n\nThis message hasn't been delivered yet. Delivery will continue to be attempted.",
    ),
  ],
  [
    'Gmail',
    daemon(
      'Delivery Status Notification (Delay)',
      'This is an automatically generated Delivery Status Notification\n\nTHIS IS A WARNING MESSAGE ONLY.\n\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nDelivery to the following recipient has been delayed:\n\n     ann@example.org\n\nMessage will be retried for 2 more day(s)',
    ),
  ],
  [
    'Courier',
    daemon(
      'NOTICE: mail delivery status.',
      'NOTE: This is not a failure.\n\nYour message has not been delivered to ann@example.org yet. The mail server will continue to try.',
    ),
  ],
  [
    'German',
    daemon(
      'Verzögerte Zustellung',
      'Ihre Nachricht wurde noch nicht zugestellt. Der Server wird es weiter versuchen.',
    ),
  ],
  // Reports of something else
  [
    'delivered',
    deliveryReport({
      prose: 'Your message was successfully delivered',
      fields: recipientFields({ action: 'delivered', status: '2.0.0', diagnostic: '250 2.0.0 Ok' }),
    }),
  ],
  [
    'relayed',
    deliveryReport({
      prose: 'relayed to a server that sends no reports',
      fields: recipientFields({ action: 'relayed', status: '2.0.0' }),
    }),
  ],
  [
    'a return receipt',
    [
      'From: ann@example.org',
      'Subject: Read: Please confirm',
      'Content-Type: multipart/report; report-type=disposition-notification; boundary=a',
      '',
      '--a',
      'Content-Type: text/plain',
      '',
      'Your message was displayed. It could not be delivered to a better person.',
      '--a',
      'Content-Type: message/disposition-notification',
      '',
      'Final-Recipient: rfc822; ann@example.org',
      'Disposition: manual-action/MDN-sent-manually; displayed',
      '--a',
      'Content-Type: text/rfc822-headers',
      '',
      returnedHeaders,
      '--a--',
      '',
    ].join('\n'),
  ],
  [
    'a receipt for a letter deleted unread',
    [
      'From: ann@example.org',
      'Subject: Not read: Please confirm',
      'Content-Type: multipart/report; report-type=disposition-notification; boundary=a',
      '',
      '--a',
      'Content-Type: text/plain',
      '',
      'Your message was deleted without being read. Not delivered to a person.',
      '--a',
      'Content-Type: message/disposition-notification',
      '',
      'Final-Recipient: rfc822; ann@example.org',
      'Disposition: automatic-action/MDN-sent-automatically; deleted',
      '--a--',
      '',
    ].join('\n'),
  ],
  [
    'a DMARC report',
    `From: noreply-dmarc-support@google.com\nSubject: Report domain: example.com Submitter: google.com Report-ID: <5511>\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\nUEsDBAo=\n`,
  ],
]

describe('no bounce', () => {
  test.each(messages)('%s', async (_what, message) => {
    const { isBounce, category, rule } = await readReport(Buffer.from(message))
    expect({ isBounce, category, rule }).toEqual({
      isBounce: false,
      category: null,
      rule: expect.any(String),
    })
  })
})
