import { describe, expect, test } from 'vitest'
import { readReport } from '../../../src/core/bounce/read-report.ts'
import { letter } from './sample-reports.ts'

const postmaster = 'postmaster@mx.example.net'

const notifications: [what: string, category: string, message: string][] = [
  [
    'GroupWise',
    'mailbox-does-not-exist',
    letter(
      'Mail System Error - Returned Mail',
      'Mailer-Daemon@gw.example.net',
      'The message that you sent was undeliverable to the following:\n\tann (user not found)\n\nPossibly truncated original message follows:',
    ),
  ],
  [
    'Lotus Notes',
    'mailbox-does-not-exist',
    letter(
      'DELIVERY FAILURE: User ann (ann@example.org) not listed in Domino Directory',
      postmaster,
      'Your message\n\n  Subject: Please confirm\n\nwas not delivered to:\n\n  ann@example.org\n\nbecause:\n\n  User ann (ann@example.org) not listed in Domino Directory',
    ),
  ],
  [
    'Lotus Notes, full',
    'mailbox-full',
    letter(
      'DELIVERY FAILURE: Mail box full',
      postmaster,
      'Your message\n\n  Subject: Please confirm\n\nwas not delivered to:\n\n  ann@example.org\n\nbecause:\n\n  Unable to deliver message: the mail file has exceeded its quota',
    ),
  ],
  [
    'CommuniGate',
    'mailbox-does-not-exist',
    letter(
      'Undeliverable mail: Please confirm',
      'MAILER-DAEMON@cg.example.net',
      "Failed to deliver to 'ann@example.org'\nLOCAL module(account ann) reports:\n account with this name is not known: unknown user account",
    ),
  ],
  [
    'CommuniGate, full',
    'mailbox-full',
    letter(
      'Undeliverable mail: Please confirm',
      'MAILER-DAEMON@cg.example.net',
      "Failed to deliver to 'ann@example.org'\nLOCAL module(account ann) reports:\n account is full (quota exceeded)",
    ),
  ],
  [
    'MDaemon',
    'mailbox-does-not-exist',
    letter(
      'Permanent Delivery Failure',
      'MDaemon at example.net <MDaemon@example.net>',
      'The attached message had PERMANENT fatal delivery errors!\n\nAfter one or more unsuccessful delivery attempts the attached message has\nbeen removed from the mail queue.\n\n--- Session Transcript ---\n --> RCPT To:<ann@example.org>\n <-- 550 5.1.1 Recipient unknown <ann@example.org>',
    ),
  ],
  [
    'hMailServer',
    'mailbox-does-not-exist',
    letter(
      'Message undeliverable: Please confirm',
      'mailer-daemon@hm.example.net',
      'Your message did not reach some or all of the intended recipients.\n\n   Sent: Mon\n   Subject: Please confirm\n\nThe following recipient(s) could not be reached:\n\nann@example.org\n   Error Type: SMTP\n   Remote server (192.0.2.1) issued an error.\n   hMailServer sent: RCPT TO:<ann@example.org>\n   Remote server replied: 550 Unknown user',
    ),
  ],
  [
    'Kerio',
    'mailbox-does-not-exist',
    letter(
      'Delivery failed: Please confirm',
      'postmaster@kerio.example.net',
      'Your message has encountered delivery problems\nto the following recipient(s):\n\nann@example.org\n(Was addressed to ann@example.org)\nDelivery failed\n550 5.1.1 User unknown',
    ),
  ],
  [
    'James',
    'mailbox-does-not-exist',
    letter(
      'Re: Please confirm',
      'postmaster@james.example.net',
      "Hi. This is the James mail server at james.example.net.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.  Below\nI include the list of recipients and the reason why I was unable to deliver\nyour message.\n\nFailed recipient(s):\nann@example.org\n\nError message:\n550 5.1.1 Unknown user: ann@example.org",
    ),
  ],
  [
    'Haraka',
    'mailbox-does-not-exist',
    letter(
      'failure notice',
      'MAILER-DAEMON@haraka.example.net',
      "Hi. This is the Haraka Mailer program at haraka.example.net.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<ann@example.org>: 550 No such user here",
    ),
  ],
  [
    'qmail, local',
    'mailbox-does-not-exist',
    letter(
      'failure notice',
      'MAILER-DAEMON@q.example.net',
      "Hi. This is the qmail-send program at q.example.net.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<ann@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)",
    ),
  ],
  [
    'qmail, full',
    'mailbox-full',
    letter(
      'failure notice',
      'MAILER-DAEMON@q.example.net',
      "Hi. This is the qmail-send program at q.example.net.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<ann@example.org>:\nuser is over quota",
    ),
  ],
  [
    'Exim, local',
    'mailbox-does-not-exist',
    letter(
      'Mail delivery failed: returning message to sender',
      'Mail Delivery System <Mailer-Daemon@x.example.net>',
      'This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ann@example.org\n    Unknown user',
    ),
  ],
  [
    'Exim, nowhere to route',
    'other-permanent',
    letter(
      'Mail delivery failed: returning message to sender',
      'Mail Delivery System <Mailer-Daemon@x.example.net>',
      'A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ann@example.org\n    Unrouteable address',
    ),
  ],
  [
    'Exim, given up',
    'temporary',
    letter(
      'Mail delivery failed: returning message to sender',
      'Mail Delivery System <Mailer-Daemon@x.example.net>',
      'A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ann@example.org\n    host mx.example.org [192.0.2.1]: 451 temporary local problem:\n    retry timeout exceeded',
    ),
  ],
  [
    'iMail',
    'mailbox-does-not-exist',
    letter(
      'Undeliverable Mail',
      'Postmaster <postmaster@imail.example.net>',
      'User mailbox unknown: ann@example.org\n\nOriginal message follows.',
    ),
  ],
  [
    'a phone company, Japanese',
    'mailbox-does-not-exist',
    letter(
      'Mail System Error - Returned Mail',
      'Postmaster@phone.example.jp',
      '次のあて先へのメッセージはエラーのため送信できませんでした。\n\n<ann@phone.example.jp>\n\n送信先メールアドレスが見つかりませんでした。',
    ),
  ],
  [
    'Chinese',
    'mailbox-does-not-exist',
    letter(
      '系统退信/Systems bounce',
      'postmaster@mail.example.cn',
      '抱歉，您的邮件被退回来了……\n\n收件人邮件地址（ann@example.cn）不存在，邮件无法送达。',
    ),
  ],
  [
    'Russian',
    'mailbox-does-not-exist',
    letter(
      'Недоставленное сообщение',
      'mailer-daemon@example.ru',
      'Это письмо создано автоматически. Ваше сообщение не может быть доставлено:\n\nann@example.ru\n\nПочтовый ящик не найден',
    ),
  ],
]

describe('notifications of many servers', () => {
  test.each(notifications)('%s: %s', async (_what, category, message) => {
    expect(await readReport(Buffer.from(message))).toMatchObject({ isBounce: true, category })
  })
})
