import { describe, expect, test } from 'vitest'
import { readProviderEvents } from '../../../../src/core/bounce/providers/read-event.ts'
import { messageId, recipient, sesBounce, sesMail, token } from './sample-events.ts'

const reports = (payload: unknown) => readProviderEvents('ses', payload).map(({ report }) => report)
const report = (more: object, one: object = {}) => reports(sesBounce(more, one))[0]

describe('Amazon SES', () => {
  test('an SNS envelope and its opened message say the same', () => {
    const envelope = { Type: 'Notification', MessageId: '22b80b92', Message: JSON.stringify(sesBounce()) }
    expect(readProviderEvents('ses', envelope)).toEqual(readProviderEvents('ses', sesBounce()))
    expect(readProviderEvents('ses', { ...envelope, Message: 'Successfully validated SNS topic' })).toEqual(
      [],
    )
  })

  test('an event of a configuration set is read as well', () => {
    const { notificationType, ...rest } = sesBounce()
    expect(reports({ ...rest, eventType: notificationType })[0]?.category).toBe('mailbox-does-not-exist')
  })

  test('"permanent" alone says nothing of the mailbox', () => {
    const silent = { action: undefined, status: undefined, diagnosticCode: undefined }
    expect(report({}, silent)).toMatchObject({ isBounce: true, category: 'other-permanent', reply: null })
  })

  test('a code of the report is enough where the report says nothing else', () => {
    expect(report({}, { diagnosticCode: undefined })?.category).toBe('mailbox-does-not-exist')
    expect(report({ bounceType: 'Transient' }, { diagnosticCode: undefined })?.category).toBe('temporary')
  })

  test.each(['OnAccountSuppressionList', 'Suppressed'])(
    'its own refusal (%s) says nothing new, though 5.1.1 stands beside it',
    (bounceSubType) => {
      const diagnosticCode = 'Amazon SES did not send the message to this address: it is on the list.'
      expect(report({ bounceSubType }, { diagnosticCode })).toMatchObject({
        category: 'other-permanent',
        rule: 'suppressed-by-provider',
        status: null,
      })
    },
  )

  test.each([
    ['General', 'smtp; 452 4.2.2 The mailbox is over its quota', 'mailbox-full'],
    ['General', 'Not sent just now, please try again later', 'temporary'],
    ['General', 'smtp; 550 5.1.1 user unknown', 'mailbox-does-not-exist'],
    ['General', 'smtp; 550 4.4.7 Message expired: unable to deliver in 840 minutes', 'temporary'],
    ['MailboxFull', undefined, 'mailbox-full'],
    ['ContentRejected', undefined, 'policy-or-spam'],
    ['MessageTooLarge', undefined, 'other-permanent'],
  ])('Transient, %s, "%s" is %s', (bounceSubType, diagnosticCode, category) => {
    const status = diagnosticCode === undefined ? undefined : '5.1.1'
    const found = report({ bounceType: 'Transient', bounceSubType }, { diagnosticCode, status })
    expect(found).toMatchObject({ isBounce: true, category })
  })

  test('a general transient bounce without a report may be an auto-reply, and is no bounce', () => {
    const silent = { action: undefined, status: undefined, diagnosticCode: undefined }
    expect(report({ bounceType: 'Transient' }, silent)).toMatchObject({ isBounce: false, category: null })
  })

  test('every recipient has a verdict and an id of its own', () => {
    const bouncedRecipients = [
      { emailAddress: 'ann@example.org', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
      { emailAddress: 'bea@example.org', diagnosticCode: 'smtp; 552 5.2.2 mailbox full' },
    ]
    const events = readProviderEvents('ses', sesBounce({ bouncedRecipients }))
    expect(events.map(({ report: { recipient: to, category } }) => [to, category])).toEqual([
      ['ann@example.org', 'mailbox-does-not-exist'],
      ['bea@example.org', 'mailbox-full'],
    ])
    expect(new Set(events.map(({ id }) => id)).size).toBe(2)
  })

  test('a recipient to whom nothing was sent stands behind a forward', () => {
    expect(report({}, { emailAddress: 'bea@example.net' })?.forwarded).toBe(true)
    expect(report({}, { emailAddress: 'Ann@Example.org' })?.forwarded).toBe(false)
  })

  test.each([
    ['abuse', undefined, { isBounce: false, category: 'complaint' }],
    [undefined, undefined, { isBounce: false, category: 'complaint' }],
    ['not-spam', undefined, { isBounce: false, category: null }],
    [undefined, 'OnAccountSuppressionList', { isBounce: true, category: 'other-permanent' }],
  ])('a complaint of type %s, subtype %s', (complaintFeedbackType, complaintSubType, expected) => {
    const complaint = {
      feedbackId: '1',
      complainedRecipients: [{ emailAddress: recipient }],
      complaintFeedbackType,
      complaintSubType,
    }
    expect(reports({ notificationType: 'Complaint', complaint, mail: sesMail })).toMatchObject([expected])
  })

  test('delays, refusals and failures of its own', () => {
    const delayedRecipients = [
      { emailAddress: recipient, status: '4.4.1', diagnosticCode: 'smtp; 421 later' },
    ]
    const deliveryDelay = { delayType: 'TransientCommunicationFailure', delayedRecipients }
    expect(reports({ eventType: 'DeliveryDelay', deliveryDelay, mail: sesMail })).toMatchObject([
      { isBounce: false, category: null, rule: 'delayed', recipient },
    ])
    expect(reports({ eventType: 'Reject', reject: { reason: 'Bad content' }, mail: sesMail })).toMatchObject([
      { isBounce: true, category: 'policy-or-spam', reply: 'Bad content', recipient },
    ])
    const failure = { errorMessage: 'Attribute is not present', templateName: 'x' }
    expect(reports({ eventType: 'Rendering Failure', failure, mail: sesMail })).toMatchObject([
      { isBounce: true, category: 'other-permanent' },
    ])
    for (const eventType of ['Send', 'Delivery', 'Open', 'Click', 'Subscription'])
      expect(reports({ eventType, mail: sesMail })).toEqual([])
  })

  test.each([
    ['headers', { headers: [{ name: 'x-ayes-letter', value: token }] }],
    ['Message-ID among the headers', { headers: [{ name: 'Message-ID', value: messageId }] }],
    ['tags', { tags: { 'ayes-letter': [token] } }],
    ['common headers', { commonHeaders: { messageId } }],
    ['envelope sender', { source: `bounces+${token}@lists.example.com` }],
  ])('the letter is named by its %s', (_, mail) => {
    expect(readProviderEvents('ses', { ...sesBounce(), mail })[0]?.named).toEqual([token])
  })
})
