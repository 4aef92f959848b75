/** Reports written for the tests in the manner of the servers that they are named after. */

export const returnedHeaders = [
  'Return-Path: <bounces+tok3n@lists.example.com>',
  'Message-ID: <tok3n@example.com>',
  'X-Ayes-Letter: tok3n',
  'From: List <list@example.com>',
  'To: ann@example.org',
  'Subject: Please confirm',
].join('\n')

export type DeliveryReport = {
  prose?: string
  fields?: string
  returned?: string
  headers?: string
}

/** A `multipart/report` of RFC 3464. */
export function deliveryReport({ prose, fields, returned, headers }: DeliveryReport): string {
  return [
    'Return-Path: <>',
    'Delivered-To: bounces+tok3n@lists.example.com',
    'From: Mail Delivery System <MAILER-DAEMON@mx.example.net>',
    'To: bounces+tok3n@lists.example.com',
    'Subject: Undelivered Mail Returned to Sender',
    ...(headers === undefined ? [] : [headers]),
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="part/1"',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--part/1',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    prose ?? 'This is the mail system at host mx.example.net.\n\nYour message could not be delivered.',
    '',
    '--part/1',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    'Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0000',
    '',
    fields ?? recipientFields({}),
    '',
    '--part/1',
    'Content-Type: text/rfc822-headers',
    '',
    returned ?? returnedHeaders,
    '',
    '--part/1--',
    '',
  ].join('\n')
}

export function recipientFields(fields: {
  action?: string
  status?: string
  diagnostic?: string
  original?: string
}): string {
  return [
    'Final-Recipient: rfc822; ann@example.org',
    ...(fields.original === undefined ? [] : [`Original-Recipient: rfc822; ${fields.original}`]),
    `Action: ${fields.action ?? 'failed'}`,
    `Status: ${fields.status ?? '5.1.1'}`,
    ...(fields.diagnostic === undefined ? [] : [`Diagnostic-Code: smtp; ${fields.diagnostic}`]),
  ].join('\n')
}

/** A notification in plain text, the letter pasted below. */
export function plainReport(headers: string, prose: string): string {
  return [headers, '', prose, ''].join('\n')
}

export const eximReport = plainReport(
  [
    'Return-path: <>',
    'X-Failed-Recipients: ann@example.org',
    'Auto-Submitted: auto-replied',
    'From: Mail Delivery System <Mailer-Daemon@mx.example.net>',
    'To: bounces+tok3n@lists.example.com',
    'Subject: Mail delivery failed: returning message to sender',
  ].join('\n'),
  [
    'This message was created automatically by mail delivery software.',
    '',
    'A message that you sent could not be delivered to one or more of its',
    'recipients. This is a permanent error. The following address(es) failed:',
    '',
    '  ann@example.org',
    '    host mx.example.org [192.0.2.1]',
    '    SMTP error from remote mail server after RCPT TO:<ann@example.org>:',
    '    550 No such person at this address',
    '',
    '------ This is a copy of the message, including all the headers. ------',
    '',
    returnedHeaders,
    '',
    'spam blocked mailbox full 552 5.2.2',
  ].join('\n'),
)

export const qmailReport = plainReport(
  'From: MAILER-DAEMON@mx.example.net\nTo: bounces+tok3n@lists.example.com\nSubject: failure notice',
  [
    'Hi. This is the qmail-send program at mx.example.net.',
    "I'm afraid I wasn't able to deliver your message to the following addresses.",
    "This is a permanent error; I've given up. Sorry it didn't work out.",
    '',
    '<ann@example.org>:',
    '192.0.2.1 does not like recipient.',
    'Remote host said: 550 unknown user',
    'Giving up on 192.0.2.1.',
    '',
    '--- Below this line is a copy of the message.',
    '',
    returnedHeaders,
  ].join('\n'),
)

export const sendmailTranscript = plainReport(
  'From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>\nSubject: Returned mail: User unknown',
  [
    'The original message was received at Mon, 23 Nov 2026 10:00:00 GMT',
    'from localhost',
    '',
    '   ----- The following addresses had permanent fatal errors -----',
    '<ann@example.org>',
    '',
    '   ----- Transcript of session follows -----',
    '... while talking to mx.example.org.:',
    '>>> RCPT To:<ann@example.org>',
    '<<< 550 5.7.1 IP address blacklisted by recipient',
    '550 5.1.1 <ann@example.org>... User unknown',
    '',
    '   ----- Original message follows -----',
    '',
    returnedHeaders,
  ].join('\n'),
)

/** A notification of `from` in UTF-8. */
export const letter = (subject: string, from: string, prose: string) =>
  `Return-Path: <>\nFrom: ${from}\nTo: bounces@example.com\nSubject: ${subject}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${prose}\n`
