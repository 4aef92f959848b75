import { describe, expect, test } from 'vitest'
import { readProviderEvents } from '../../../../src/core/bounce/providers/read-event.ts'
import { brevo, messageId, token } from './sample-events.ts'

const report = (event: string, reason?: string) =>
  readProviderEvents('brevo', brevo({ event, reason }))[0]?.report

describe('Brevo', () => {
  test.each([
    ['hard_bounce', '550 5.1.1 user unknown', 'mailbox-does-not-exist'],
    [
      'hardBounce',
      'RecipientError: 550 Requested action not taken: mailbox unavailable',
      'mailbox-does-not-exist',
    ],
    ['hard_bounce', 'user unknown', 'mailbox-does-not-exist'],
    ['hard_bounce', undefined, 'other-permanent'],
    ['soft_bounce', '452 4.2.2 mailbox full', 'mailbox-full'],
    ['soft_bounce', '554 5.1.1 user unknown', 'mailbox-does-not-exist'],
    ['soft_bounce', 'user unknown', 'temporary'],
    ['soft_bounce', 'Unable to find MX of domain nowhere.example', 'domain-problem'],
    ['blocked', 'blocked: user unknown', 'policy-or-spam'],
    ['invalid_email', undefined, 'other-permanent'],
    ['error', '550 5.1.1 user unknown', 'other-permanent'],
  ])('%s with "%s" is %s', (event, reason, category) => {
    expect(report(event, reason)).toMatchObject({ isBounce: true, category })
  })

  test('deferred is a delay even with a final answer in it: the last word follows', () => {
    expect(report('deferred', '550 5.1.1 user unknown')).toMatchObject({ isBounce: false, rule: 'delayed' })
  })

  test('complaints, and what is no failure', () => {
    expect(report('spam')?.category).toBe('complaint')
    expect(report('complaint')?.category).toBe('complaint')
    for (const event of [
      'request',
      'delivered',
      'opened',
      'unique_opened',
      'proxy_open',
      'click',
      'unsubscribed',
    ])
      expect(report(event)).toBeUndefined()
  })

  test('the time of the event is part of its id: the id in it is the webhook', () => {
    const ids = [1760000005, 1760000009].map(
      (ts_event) => readProviderEvents('brevo', brevo({ ts_event }))[0]?.id,
    )
    expect(ids[0]).not.toBe(ids[1])
  })

  test.each([
    ['custom header', { 'X-Mailin-custom': token, 'message-id': '' }],
    [
      'custom header of JSON',
      { 'X-Mailin-custom': JSON.stringify({ 'ayes-letter': token }), 'message-id': '' },
    ],
    ['tag', { 'X-Mailin-custom': '', tags: [token], 'message-id': '' }],
    ['Message-ID', { 'X-Mailin-custom': '', 'message-id': messageId }],
  ])('the letter is named by its %s', (_, more) => {
    expect(readProviderEvents('brevo', brevo(more))[0]?.named).toEqual([token])
  })
})
