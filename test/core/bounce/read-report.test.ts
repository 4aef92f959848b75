import { describe, expect, test } from 'vitest'
import { readReport } from '../../../src/core/bounce/read-report.ts'
import {
  deliveryReport,
  eximReport,
  plainReport,
  qmailReport,
  recipientFields,
  returnedHeaders,
  sendmailTranscript,
} from './sample-reports.ts'

const read = (message: string) => readReport(Buffer.from(message, 'utf8'))
const daemon = 'From: MAILER-DAEMON@mx.example.net\nSubject: Undelivered mail'

describe('reports in the words of their servers', () => {
  test('Exim', async () => {
    expect(await read(eximReport)).toMatchObject({
      category: 'mailbox-does-not-exist',
      recipient: 'ann@example.org',
      reply: '550 No such person at this address',
    })
  })

  test('qmail', async () => {
    expect(await read(qmailReport)).toMatchObject({
      category: 'mailbox-does-not-exist',
      recipient: 'ann@example.org',
      reply: '550 unknown user',
    })
  })

  test('Sendmail: the words of the other side go before its own "User unknown"', async () => {
    expect(await read(sendmailTranscript)).toMatchObject({ category: 'policy-or-spam', status: '5.7.1' })
  })

  test('Sendmail says where an alias led', async () => {
    const aliased = sendmailTranscript.replace(
      '<ann@example.org>\n\n',
      'ann@target.example\n    (expanded from: <ann@example.org>)\n\n',
    )
    expect(await read(aliased)).toMatchObject({ originalRecipient: 'ann@example.org', forwarded: true })
  })

  test.each([
    [
      'Exchange',
      'did not reach the following recipient(s):\n\nann@example.org on Mon\n    The recipient name is not recognized',
    ],
    [
      'Domino',
      'was not delivered to:\n\n  ann@example.org\n\nbecause:\n\n  User Ann (ann@example.org) not listed in Domino Directory',
    ],
    [
      'Yahoo',
      "Unable to deliver message to the following address(es).\n\n<ann@example.org>:\nThis user doesn't have an example.org account (ann@example.org) [-9]",
    ],
    [
      'Microsoft 365',
      "Your message to ann@example.org couldn't be delivered.\nann wasn't found at example.org.\n\nStatus code: 550 5.1.10",
    ],
    ['MDaemon', 'ann@example.org - no such user here.\n\nThere is no user by that name at this server.'],
    [
      'a French server',
      "L'adresse de messagerie ann@example.org n'existe pas. Message non remis: could not be delivered.",
    ],
  ])('%s', async (_server, prose) => {
    expect(await read(plainReport(daemon, `Your message\n\n${prose}`))).toMatchObject({
      isBounce: true,
      category: 'mailbox-does-not-exist',
    })
  })

  test("Gmail's heading calls no mailbox dead beside a reply that says otherwise", async () => {
    const prose = (reply: string) =>
      `** Address not found **\n\nYour message wasn't delivered to ann@example.org because the address couldn't be found.\n\nThe response was:\n\n${reply}`
    const category = async (reply: string) => (await read(plainReport(daemon, prose(reply)))).category
    expect(
      await category("DNS Error: DNS type 'mx' lookup of example.org responded with code NXDOMAIN"),
    ).toBe('domain-problem')
    expect(await category('501 5.1.8 Sender address rejected')).toBe('policy-or-spam')
    expect(await category('550 The moon is in the wrong house')).toBe('other-permanent')
    expect(await category('550 5.1.1 No such user')).toBe('mailbox-does-not-exist')
  })

  test('a notification in HTML only', async () => {
    const html =
      '<html><style>p{}</style><body><p>Your message could not be delivered</p><p>550 5.1.1 User&nbsp;unknown</p>'
    const report = await read(`${daemon}\nContent-Type: text/html\n\n${html}`)
    expect(report.category).toBe('mailbox-does-not-exist')
  })

  test('UTF-8 under a wrong charset is read as what it is', async () => {
    const prose = 'Mail could not be delivered.\n\nDie Adresse ist unbekannt: Empfänger nicht gefunden'
    const report = await read(`${daemon}\nContent-Type: text/plain; charset=iso-2022-jp\n\n${prose}`)
    expect(report.category).toBe('mailbox-does-not-exist')
  })

  test('the mailed JSON of SES', async () => {
    const json = JSON.stringify({
      notificationType: 'Bounce',
      bounce: {
        bouncedRecipients: [
          { emailAddress: 'ann@example.org', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
        ],
      },
    })
    const headers = 'From: no-reply@sns.amazonaws.com\nSubject: AWS Notification Message'
    expect(await read(`${headers}\n\n${json}\n\n-- \nbye`)).toMatchObject({
      category: 'mailbox-does-not-exist',
      recipient: 'ann@example.org',
    })
  })
})

describe('the returned letter', () => {
  test('says nothing about the failure, whatever stands in it', async () => {
    const poisoned = `${returnedHeaders}\nX-Note: 550 5.1.1 User unknown\n\n550 5.1.1 no such user, mailbox full`
    const fields = recipientFields({ status: '5.0.0', diagnostic: '550 Rejected' })
    expect((await read(deliveryReport({ fields, returned: poisoned }))).category).not.toBe(
      'mailbox-does-not-exist',
    )
    const pasted = plainReport(daemon, `Your mail could not be delivered.\n\n${poisoned}`)
    expect((await read(pasted)).category).toBe('other-permanent')
  })

  test('is searched for our token by its headers, in the order of the contract', async () => {
    expect((await read(eximReport)).named).toEqual([
      'bounces+tok3n@lists.example.com',
      '<bounces+tok3n@lists.example.com>',
      '<tok3n@example.com>',
      'tok3n',
    ])
  })
})

describe('no bounce', () => {
  const cases: [what: string, message: string][] = [
    [
      'an ordinary letter',
      'From: ann@example.org\nSubject: Hello\n\nHow are you? The user unknown film was great.',
    ],
    [
      'an answer that quotes a bounce',
      'From: ann@example.org\nSubject: Re: Undelivered mail\n\n> 550 5.1.1 User unknown\nI got this.',
    ],
    [
      'a vacation reply',
      'From: ann@example.org\nSubject: Out of office: Please confirm\nAuto-Submitted: auto-replied\n\nThis mailbox is not read; the account does not exist any more.',
    ],
    [
      'a courier',
      'From: DHL <info@dhl.example>\nSubject: Your parcel could not be delivered\n\nYour parcel could not be delivered: address unknown.',
    ],
    [
      'a delay notice',
      `${daemon}\n\nTHIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\n450 4.1.1 User unknown\nWill be retried.`,
    ],
    [
      "Gmail's delay notice",
      "** Delivery incomplete **\n\nThere was a temporary problem delivering your message. Gmail will retry for 46 more hours. You'll be notified if the delivery fails permanently.\n\nThe response was:\n550 5.1.1 No such user",
    ],
    ['nothing', ''],
  ]
  test.each(cases)('%s', async (_what, message) => {
    expect(await read(message)).toMatchObject({ isBounce: false, category: null })
  })

  const feedback = (fields: string) =>
    [
      'From: feedback@provider.example',
      'To: bounces+tok3n@lists.example.com',
      'Content-Type: multipart/report; report-type=feedback-report; boundary=a',
      '',
      '--a',
      'Content-Type: text/plain',
      '',
      'This is an abuse report.',
      '--a',
      'Content-Type: message/feedback-report',
      '',
      `${fields}\nVersion: 1`,
      '--a',
      'Content-Type: message/rfc822',
      '',
      returnedHeaders,
      '--a--',
    ].join('\n')

  test('a complaint (RFC 5965) is no bounce and has its category, with who complains and who tells', async () => {
    const said =
      'Feedback-Type: abuse\nOriginal-Rcpt-To: <ann@example.com>\nReporting-MTA: dns; mx.provider.example'
    expect(await read(feedback(said))).toMatchObject({
      isBounce: false,
      category: 'complaint',
      rule: 'feedback-report',
      recipient: 'ann@example.com',
      reporter: 'mx.provider.example',
    })
    expect((await read(feedback(said))).named).toContain('tok3n')
  })

  test.each(['abuse', 'Fraud', 'opt-out', 'something new', ''])(
    'feedback %j is a complaint',
    async (type) => {
      expect(await read(feedback(`Feedback-Type: ${type}`))).toMatchObject({ category: 'complaint' })
    },
  )

  test.each(['not-spam', 'Auth-Failure', 'virus'])('feedback %j is none', async (type) => {
    expect(await read(feedback(`Feedback-Type: ${type}`))).toMatchObject({ isBounce: false, category: null })
  })
})

test('LF, CRLF and lone CR give the same answer', async () => {
  for (const message of [deliveryReport({}), eximReport, qmailReport, sendmailTranscript]) {
    const answers = await Promise.all(['\n', '\r\n', '\r'].map((end) => read(message.replaceAll('\n', end))))
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  }
})
