import { describe, expect, test } from 'vitest'
import { judgeReply } from '../../../src/core/bounce/judge-reply.ts'

/** Replies as mail servers word them, put together for this test. */
const replies: Record<string, string[]> = {
  'mailbox-does-not-exist': [
    '550 5.1.1 <ann@example.org>: Recipient address rejected: User unknown in local recipient table',
    '550 5.1.1 <ann@example.org>: Recipient address rejected: User unknown in virtual mailbox table',
    '550 5.1.1 User unknown',
    '550 No such user here',
    '550 Requested action not taken: mailbox unavailable',
    '550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)',
    '550 sorry, no mailbox here by that name (#5.7.17)',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
    '550 5.1.351 Remote server returned unknown recipient or mailbox unavailable',
    '550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [HE1.outlook.com]',
    "554 delivery error: dd This user doesn't have a yahoo.com account (ann@yahoo.com) [0] - mta1001",
    '550 unknown user <ann@example.org>',
    '550 Invalid recipient <ann@example.org>',
    '553 5.3.0 <ann@example.org>... Addressee unknown, relay=[192.0.2.1]',
    '550 ann@example.org is not a valid mailbox',
    '550 #5.1.0 Address rejected.',
    '550 5.7.1 No mailbox found',
    '554 5.7.1 <ann@example.org>: Recipient address rejected: user ann@example.org does not exist',
    '550 "Unknown User"',
    '550 no such user - psmtp',
    '550 Message was not accepted -- invalid mailbox.  Local mailbox ann@mail.ru is unavailable: user not found',
    '550 User ann (ann@example.org) not listed in Domino Directory',
    '550 Can not find user',
    '550 no valid recipients',
    '550 Unbekannter Empfänger',
    '550 El usuario no existe',
    '550 Utilisateur inconnu !',
    '550 Usuário inexistente',
    '550 nessun utente simile in questo indirizzo',
    '550 пользователь не найден',
    '550 用户不存在',
    '550 5.1.1',
    '5.1.1',
  ],
  'mailbox-full': [
    '552 5.2.2 Over quota',
    '552-5.2.2 The email account that you tried to reach is over quota. Please direct',
    '452 4.2.2 The email account that you tried to reach is over quota',
    '552 RCPT TO:<ann> Mailbox disk quota exceeded',
    '550 5.7.1 <ann@example.org>: Recipient address rejected: Mailbox is full',
    '552 Requested mail action aborted: exceeded storage allocation',
    '550 5.1.1 User over quota. (#5.1.1)',
    '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException',
    '550 Boite du destinataire pleine',
    '552 5.2.2',
  ],
  'mailbox-disabled': [
    '550 5.2.1 The email account that you tried to reach is disabled.',
    '550 [SUSPEND] Mailbox currently suspended',
    '525 5.7.13 Disabled recipient address',
    '550 Mailbox is frozen. See http://mail.example.com/help',
    '550 5.1.1 <ann@example.org>... Mailbox is inactive',
    '550 The account has been deactivated',
    '550 5.2.1',
  ],
  'domain-problem': [
    '550 Host unknown',
    '550 5.1.2 <ann@example.org>... Host unknown (Name server: example.org: host not found)',
    '556 5.1.10 Recipient address has null MX',
    '550 5.4.310 DNS domain example.org does not exist [Message=InfoDomainNonexistent]',
    'Host or domain name not found. Name service error for name=example.org type=A: Host not found',
    "DNS Error: 123 DNS type 'mx' lookup of example.org responded with code NXDOMAIN",
    '550 the recipient domain example.org does not exist',
    '550 5.1.2',
  ],
  'bad-address': [
    '501 5.1.3 Bad recipient address syntax',
    '553 malformed address: <ann>',
    '550 5.1.3',
    '5.1.3',
  ],
  'policy-or-spam': [
    '550 5.7.1 Message rejected as spam',
    '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org',
    '553 http://www.spamhaus.org/query/bl?ip=192.0.2.1',
    '550 5.7.1 <ann@example.org>: Relay access denied',
    '550-5.7.26 This mail has been blocked because the sender is unauthenticated.',
    '550 5.7.1 IP address blacklisted by recipient',
    '554 5.7.1 <us@example.com>: Sender address rejected: Access denied',
    '550 5.1.8 Domain of sender address us@example.com does not exist',
    '550 5.1.1 <us@example.com>: unauthorized sender',
    '550 5.1.0 <us@example.com> sender rejected. AUP#CDRBL',
    '550 Access denied',
    '550 5.7.1',
  ],
  temporary: [
    '421 4.7.0 Try again later',
    '450 4.2.0 Greylisted',
    '450 4.1.1 <ann@example.org>: Recipient address rejected: User unknown in virtual alias table',
    '450 4.1.2 <ann@example.org>: Recipient address rejected: Domain not found',
    '454 4.4.4 no MX or A for domain',
    'connect to mx.example.org[192.0.2.1]:25: Connection timed out',
    '550 4.4.7 QUEUE.Expired; message expired',
    '550-5.2.1 The user you are trying to contact is receiving mail at a rate that',
    '451',
  ],
  'other-permanent': [
    '552 5.3.4 Message size exceeds fixed limit',
    '554 5.4.6 Too many hops',
    '550 Unrouteable address',
    '550 5.1.6 Mailbox has moved',
    'Amazon SES did not send the message to this address because it is on the suppression list',
    '554 Transaction failed',
    '550',
    '5.0.0',
    '',
    'what?',
  ],
}

describe.each(Object.entries(replies))('%s', (category, list) => {
  test.each(list)('%s', (reply) => {
    expect(judgeReply(reply)).toMatchObject({ category })
  })
})

test('a reply of many lines is read without the code on each of them', () => {
  const reply = [
    '550-5.1.1 The email account that you tried to reach does',
    '550-5.1.1 not exist. Please try double-checking the address',
    '550 5.1.1 https://support.example.com/mail/?p=NoSuchUser 1-2 - gsmtp',
  ]
  for (const end of ['\n', '\r\n', '\r']) {
    expect(judgeReply(reply.join(end))).toMatchObject({ category: 'mailbox-does-not-exist', status: '5.1.1' })
  }
})

test("the code is the reply's own, not an address or a version number", () => {
  expect(judgeReply('550 Blocked 5.1.1.7 by mx 4.2.1.33').status).toBe(null)
  expect(judgeReply('550 5.7.1 [192.0.2.5] rejected').status).toBe('5.7.1')
})

test('words in an address say nothing about the mailbox', () => {
  expect(judgeReply('250 <user-unknown@no-such-user.example>').category).toBe('other-permanent')
  expect(judgeReply('554 <mailbox-full@spam.example> Transaction failed').category).toBe('other-permanent')
})

test('what answers MAIL FROM is about the sender, whatever it says does not exist', () => {
  expect(judgeReply('550 5.1.1 No such user', 'mail-from').category).toBe('policy-or-spam')
  expect(judgeReply('553 example.com does not exist (in reply to MAIL FROM command)').category).toBe(
    'policy-or-spam',
  )
  expect(judgeReply('550 5.1.1 No such user', 'rcpt').category).toBe('mailbox-does-not-exist')
})

test('the reply that a gateway quotes counts, not the prefix that it puts before', () => {
  const quote = (reply: string) =>
    judgeReply(`5.1.0 - Unknown address error 550-'${reply}' (delivery attempts: 0)`)
  expect(quote('5.2.2 <ann@example.org>... Mailbox Full').category).toBe('mailbox-full')
  expect(quote('5.7.1 blocked by our policy').category).toBe('policy-or-spam')
  expect(quote('5.1.1 <ann@example.org>: User unknown')).toMatchObject({
    category: 'mailbox-does-not-exist',
    status: '5.1.1',
  })
})

test('no answer of class 4 gives a category that makes a signup invalid', () => {
  for (const reply of Object.values(replies).flat()) {
    const { category } = judgeReply(`450 4.1.1 ${reply.replace(/^[45][\d.]*/, '')}`)
    expect(['temporary', 'mailbox-full', 'mailbox-disabled'], reply).toContain(category)
  }
})

test.each([
  '550 user credentials invalid',
  '550 recipient server not found',
  '550 From address invalid',
  '550 header From address is not valid',
  '550 5.7.1 your IP address is unknown to us',
  '550 the sender account does not exist',
  '550 the account or domain may not exist, they may be blacklisted',
  '550 5.1.1 rejected due to spam content; user unknown',
  '550-Verification failed for <us@example.com>\n550-No Such User Here\n550 Sender verify failed',
  '550 Relay not permitted, unknown recipient domain',
  '550 Mailbox unavailable or access denied',
  '554 5.1.1 address suppressed: previously bounced',
  '550 undeliverable email returned',
  '550 Invalid HELO name',
])('no mailbox is called dead by: %s', (reply) => {
  expect(judgeReply(reply).category).not.toBe('mailbox-does-not-exist')
})

test('every verdict names its rule', () => {
  expect(judgeReply('550 5.1.1 User unknown').rule).toBe('box-then-unknown')
  expect(judgeReply('550 5.2.2').rule).toBe('status-of-full-box')
  expect(judgeReply('').rule).toBe('unexplained')
})
