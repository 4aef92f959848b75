import { describe, expect, test } from 'vitest'
import { readProviderEvents } from '../../../../src/core/bounce/providers/read-event.ts'
import { postmark, recipient, token } from './sample-events.ts'

const report = (more: object) => readProviderEvents('postmark', postmark(more))[0]?.report

describe('Postmark', () => {
  test('its description, which names every cause, is not what the other side said', () => {
    expect(report({ Details: 'action: failed' })).toMatchObject({
      isBounce: true,
      category: 'other-permanent',
    })
    expect(report({ Details: undefined })).toMatchObject({ isBounce: true, category: 'other-permanent' })
  })

  test.each([
    ['HardBounce', 'smtp;552 5.2.2 mailbox full', 'mailbox-full'],
    ['SoftBounce', 'smtp;550 5.1.1 user unknown', 'mailbox-does-not-exist'],
    ['SoftBounce', 'smtp;451 4.1.1 user unknown', 'temporary'],
    ['SoftBounce', 'something', 'temporary'],
    ['DnsError', 'something', 'temporary'],
    ['Blocked', 'something', 'policy-or-spam'],
    ['Blocked', 'smtp;550 5.1.1 user unknown', 'mailbox-does-not-exist'],
    ['SpamNotification', 'user unknown', 'policy-or-spam'],
    ['DMARCPolicy', '', 'policy-or-spam'],
    ['BadEmailAddress', '', 'bad-address'],
    ['ManuallyDeactivated', 'user unknown', 'other-permanent'],
    ['SMTPApiError', 'user unknown', 'other-permanent'],
    ['Unknown', 'something', 'other-permanent'],
  ])('%s with "%s" is %s', (Type, Details, category) => {
    expect(report({ Type, Details })).toMatchObject({ isBounce: true, category })
  })

  test.each([
    'Transient',
    'AutoResponder',
    'Subscribe',
    'Unsubscribe',
    'AddressChange',
    'ChallengeVerification',
  ])('%s is no bounce, whatever it says', (Type) =>
    expect(report({ Type })).toMatchObject({ isBounce: false, category: null }),
  )

  test('complaints, changes of its list, and what is no failure', () => {
    expect(report({ Type: 'SpamComplaint' })?.category).toBe('complaint')
    expect(report({ RecordType: 'SpamComplaint' })).toMatchObject({ isBounce: false, category: 'complaint' })
    const change = { RecordType: 'SubscriptionChange', Recipient: recipient, SuppressSending: true }
    expect(report({ ...change, SuppressionReason: 'HardBounce' })?.category).toBe('other-permanent')
    expect(report({ ...change, SuppressionReason: 'SpamComplaint' })?.category).toBe('complaint')
    expect(report({ ...change, SuppressionReason: 'ManualSuppression' })).toBeUndefined()
    expect(report({ ...change, SuppressSending: false, SuppressionReason: null })).toBeUndefined()
    for (const RecordType of ['Delivery', 'Open', 'Click', 'Inbound'])
      expect(report({ RecordType })).toBeUndefined()
  })

  test('an old payload without a record type is a bounce', () => {
    expect(report({ RecordType: undefined })?.category).toBe('mailbox-does-not-exist')
  })

  test('the letter is named by its metadata, else by the report that came back', () => {
    const Content = `Received: from mx\r\nX-Ayes-Letter: ${token}\r\n\r\nHello`
    const [event] = readProviderEvents('postmark', postmark({ Metadata: {}, Content }))
    expect(event?.named).toEqual([token])
  })
})
