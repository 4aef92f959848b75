import { describe, expect, test } from 'vitest'
import { readProviderEvents } from '../../../../src/core/bounce/providers/read-event.ts'
import { messageId, recipient, sendgrid, token } from './sample-events.ts'

const report = (more: object) => readProviderEvents('sendgrid', [sendgrid(more)])[0]?.report

describe('SendGrid', () => {
  test.each([
    [
      'bounce',
      '550 5.1.1 The email account that you tried to reach does not exist.',
      'mailbox-does-not-exist',
    ],
    ['bounce', '552 5.2.2 mailbox full', 'mailbox-full'],
    ['blocked', '550 5.2.2 mailbox full', 'mailbox-full'],
    ['blocked', '550 5.1.1 user unknown', 'mailbox-does-not-exist'],
    ['blocked', '554 5.7.1 Message rejected: listed at a block list', 'policy-or-spam'],
    ['blocked', 'Mail domain mentioned in email address is unknown', 'domain-problem'],
    ['blocked', 'error dialing remote address: dial tcp 192.0.2.1:25: i/o timeout', 'temporary'],
    [
      'blocked',
      'unable to get mx info: lookup nowhere.example on 192.0.2.53:53: no such host',
      'domain-problem',
    ],
    [
      'blocked',
      'unable to get mx info: lookup slow.example on 192.0.2.53:53: server misbehaving',
      'temporary',
    ],
  ])('a %s with "%s" is %3$s', (type, reason, category) => {
    expect(report({ type, reason, status: undefined })).toMatchObject({
      isBounce: true,
      category,
      reply: reason,
    })
  })

  test('what is put off is no bounce, whatever was answered for now', () => {
    const deferred = {
      event: 'deferred',
      reason: undefined,
      response: '550 5.1.1 user unknown',
      attempt: '3',
    }
    expect(report(deferred)).toMatchObject({ isBounce: false, category: null, rule: 'delayed' })
  })

  test.each([
    ['Bounced Address', 'other-permanent'],
    ['Unsubscribed Address', 'other-permanent'],
    ['Invalid', 'other-permanent'],
    ['Invalid SMTPAPI header', 'other-permanent'],
    ['Spam Reporting Address', 'policy-or-spam'],
    ['Spam Content', 'policy-or-spam'],
  ])('dropped for "%s" says nothing of the mailbox', (reason, category) => {
    expect(report({ event: 'dropped', reason })).toMatchObject({ isBounce: true, category, status: null })
  })

  test('a complaint is one', () => {
    expect(report({ event: 'spamreport' })).toMatchObject({ isBounce: false, category: 'complaint' })
  })

  test.each(['processed', 'delivered', 'open', 'click', 'unsubscribe', 'group_unsubscribe', 'new one'])(
    '%s says nothing',
    (event) => expect(report({ event })).toBeUndefined(),
  )

  test('its class counts only where the reply says nothing', () => {
    const told = { reason: '550 no', status: undefined }
    expect(report({ ...told, bounce_classification: 'Reputation' })?.category).toBe('policy-or-spam')
    expect(report({ ...told, bounce_classification: 'Invalid Address' })?.category).toBe('other-permanent')
    expect(report({ bounce_classification: 'Reputation' })?.category).toBe('mailbox-does-not-exist')
  })

  test('a status of three digits is none', () => {
    expect(report({ status: '550', reason: '550 Unknown user' })).toMatchObject({
      category: 'mailbox-does-not-exist',
      status: null,
    })
  })

  test('a reply about an address of another domain stands behind a forward', () => {
    expect(report({ reason: '550 5.1.1 <bea@example.net> User unknown' })?.forwarded).toBe(true)
    expect(report({ reason: `550 5.1.1 <${recipient}> User unknown` })?.forwarded).toBe(false)
  })

  test('an entry of the list of bounces, which has no event, is one', () => {
    const entry = { created: 1760000000, email: recipient, reason: '550 5.1.1 user unknown', status: '5.1.1' }
    const [event] = readProviderEvents('sendgrid', [entry])
    expect(event).toMatchObject({ named: [], report: { category: 'mailbox-does-not-exist' } })
    expect(event?.id).toContain(recipient)
  })

  test('the letter is named by its custom argument, else by its Message-ID', () => {
    const [event] = readProviderEvents('sendgrid', [sendgrid({ 'ayes-letter': undefined })])
    expect(messageId).toContain(event?.named[0])
    expect(readProviderEvents('sendgrid', [sendgrid({ 'smtp-id': '<x@y>' })])[0]?.named).toEqual([token])
  })
})
