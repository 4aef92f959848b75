import { expect, test } from 'vitest'
import { readReport } from '../../../src/core/bounce/read-report.ts'

/** Notifications without a machine-readable part, each in the manner of one kind of server. */
const dead: [server: string, prose: string[]][] = [
  [
    'Courier',
    [
      'This is a delivery status notification from mx, running the Courier mail server.',
      '',
      '                           UNDELIVERABLE MAIL',
      '',
      'Your message to the following recipients cannot be delivered:',
      '',
      '<ann@example.org>:',
      '    mx.example.org [192.0.2.1]:',
      '>>> RCPT TO:<ann@example.org>',
      '<<< 550 5.1.1 <ann@example.org>... User Unknown',
    ],
  ],
  [
    'MailFoundry',
    [
      'Unable to deliver message to: <ann@example.org>',
      'Delivery failed for the following reason:',
      'Server mx.example.org[192.0.2.1] failed with: 550 <ann@example.org> No such user here',
      '',
      'This has been a permanent failure.  No further delivery attempts will be made.',
    ],
  ],
  [
    'MailMarshal',
    [
      'Your message:',
      '   From:    list@example.com',
      '   Subject: spam blocked, mailbox full',
      'Could not be delivered because of',
      '',
      '550 5.1.1 User unknown',
      '',
      'The following recipients were affected:',
      '    ann@example.org',
    ],
  ],
  [
    'an appliance that answers in brackets',
    [
      'We had trouble delivering your message.',
      '',
      'SMTP Server <mx.example.org> rejected recipient <ann@example.org>',
      '  (Error following RCPT command). It responded as follows: [550 5.1.1 User unknown]',
    ],
  ],
  [
    'SurfControl',
    [
      'Your message could not be sent.',
      'Addressed To: ann@example.org',
      '',
      'Failed to send to identified host,',
      'ann@example.org: [192.0.2.5], 550 ann@example.org... No such user',
    ],
  ],
  [
    'Gmail',
    [
      '** Address not found **',
      '',
      "Your message wasn't delivered to ann@example.org because the address couldn't be found, or is unable to",
      'receive mail.',
      '',
      'The response was:',
      '',
      'The email account that you tried to reach does not exist. Please try double-checking the address.',
    ],
  ],
  [
    'Exchange 2003',
    [
      'Your message',
      '',
      '  To:      ann@example.org',
      '  Subject: hello',
      '',
      'did not reach the following recipient(s):',
      '',
      'ann@example.org on Mon, 23 Nov 2026 10:00:00 +0000',
      '    The e-mail account does not exist at the organization this message was sent to.',
      '            <mail.example.org #5.1.1>',
    ],
  ],
  [
    'Zoho',
    [
      'This message was created automatically by mail delivery software.',
      ' A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.',
      '',
      'ann@example.org Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <ann@example.org>... User Unknown',
    ],
  ],
  [
    'OpenSMTPD',
    [
      '    An error has occurred while attempting to deliver a message for',
      '    the following list of recipients:',
      '',
      'ann@example.org: 550 5.1.1 <ann@example.org>... User Unknown',
      '',
      '    Below is a copy of the original message:',
    ],
  ],
  [
    'GMX',
    [
      'A message that you sent could not be delivered to one or more of its recipients.',
      '',
      '"ann@example.org":',
      'SMTP error from remote server after RCPT command:',
      'host: mx.example.org',
      '5.1.1 <ann@example.org>... User Unknown',
      '',
      '--- The header of the original message is following. ---',
    ],
  ],
  [
    'InterScan',
    [
      '****** Message from InterScan Messaging Security Suite ******',
      '',
      'Sent <<< RCPT TO:<ann@example.org>',
      'Received >>> 550 5.1.1 <ann@example.org>... User unknown',
      '',
      'Unable to deliver message to <ann@example.org>.',
    ],
  ],
  ['IMail', ['Unknown user: ann@example.org', '', 'Original message follows.']],
  [
    'McAfee',
    ['--- The following addresses had delivery problems ---', '', '<ann@example.org>   (User unknown)'],
  ],
]

const others: [what: string, category: string, prose: string[]][] = [
  [
    'qmail, no such host',
    'domain-problem',
    ['<ann@example.org>:', "Sorry, I couldn't find any host named example.org. (#5.1.2)"],
  ],
  [
    'qmail, no connection',
    'temporary',
    [
      '<ann@example.org>:',
      "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)",
      "I'm not going to try again; this message has been in the queue too long.",
    ],
  ],
  [
    'Microsoft 365, a full box',
    'mailbox-full',
    [
      "Your message to ann@example.org couldn't be delivered.",
      "ann's mailbox is full and can't accept messages now.",
    ],
  ],
  [
    'Microsoft 365, blocked',
    'policy-or-spam',
    ["Your message couldn't be delivered.", 'Security or policy settings have rejected your message.'],
  ],
  [
    'SES, which did not even try',
    'other-permanent',
    [
      'An error occurred while trying to deliver the mail:',
      '',
      '554 5.1.1 Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address.',
    ],
  ],
  [
    'Exim, where the other side called back and did not find us',
    'policy-or-spam',
    [
      'The following address failed: ann@example.org',
      '    SMTP error from remote mail server after RCPT TO:<ann@example.org>:',
      '    host mx.example.org [192.0.2.1]: 550-Verification failed for <list@example.com>',
      '    550-Response: 550 unknown user',
      '    550 Sender verify failed',
    ],
  ],
]

const daemon = 'From: MAILER-DAEMON@mx.example.net\nSubject: failure notice\n\n'
const read = (prose: string[]) => readReport(Buffer.from(daemon + prose.join('\n')))

test.each(dead)('%s says that there is no such mailbox', async (_server, prose) => {
  expect(await read(prose)).toMatchObject({
    isBounce: true,
    category: 'mailbox-does-not-exist',
    recipient: expect.stringContaining('@example.'),
  })
})

test.each(others)('%s: %s', async (_what, category, prose) => {
  expect(await read(prose)).toMatchObject({ isBounce: true, category })
})
