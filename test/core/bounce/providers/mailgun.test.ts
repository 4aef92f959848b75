import { describe, expect, test } from 'vitest'
import { readProviderEvents } from '../../../../src/core/bounce/providers/read-event.ts'
import { mailgun, messageId, recipient, token } from './sample-events.ts'

const report = (more: object, delivery: object = {}) =>
  readProviderEvents('mailgun', mailgun(more, delivery))[0]?.report

describe('Mailgun', () => {
  test.each([
    [550, '5.1.1 The email account that you tried to reach does not exist', 'mailbox-does-not-exist'],
    [552, '5.2.2 The mailbox is over quota', 'mailbox-full'],
    [550, '5.7.1 Message rejected as spam', 'policy-or-spam'],
    [498, 'No MX for nowhere.example', 'domain-problem'],
  ])('a permanent failure %i "%s" is %s', (code, message, category) => {
    expect(report({}, { code, message, 'enhanced-code': '' })).toMatchObject({ isBounce: true, category })
  })

  test('a temporary failure is a delay, until the letter is too old', () => {
    const told = { code: 450, message: '4.1.1 user unknown', 'enhanced-code': '4.1.1' }
    expect(report({ severity: 'temporary', reason: 'generic' }, told)).toMatchObject({
      isBounce: false,
      category: null,
      rule: 'delayed',
    })
    expect(report({ severity: 'temporary', reason: 'old' }, told)).toMatchObject({
      isBounce: true,
      category: 'temporary',
    })
  })

  test.each([450, 499])(
    'a letter that grew too old (%i) never makes a mailbox dead by words alone',
    (code) => {
      const told = { code, message: 'user unknown', 'enhanced-code': '' }
      expect(report({ reason: 'old' }, told)).toMatchObject({ isBounce: true, category: 'temporary' })
    },
  )

  test.each([
    ['suppress-bounce', 605, 'other-permanent'],
    ['suppress-unsubscribe', 606, 'other-permanent'],
    ['suppress-complaint', 607, 'policy-or-spam'],
    ['hardfail', 605, 'other-permanent'],
  ])('its own refusal (%s, %i) says nothing of the mailbox', (reason, code, category) => {
    const description = 'Not delivering to previously bounced address, user unknown'
    expect(report({ reason }, { code, message: '', description, 'enhanced-code': '5.1.1' })).toMatchObject({
      isBounce: true,
      category,
      rule: 'suppressed-by-provider',
    })
  })

  test('rejected, complained, and what is no failure', () => {
    expect(report({ event: 'rejected', reject: { reason: 'Sandbox' } })).toMatchObject({
      category: 'other-permanent',
      reply: 'Sandbox',
    })
    expect(report({ event: 'complained' })).toMatchObject({ isBounce: false, category: 'complaint' })
    for (const event of ['accepted', 'delivered', 'opened', 'clicked', 'unsubscribed', 'stored'])
      expect(report({ event })).toBeUndefined()
  })

  test.each([
    ['user variables', { 'user-variables': { 'ayes-letter': token } }],
    ['user variables as text', { 'user-variables': JSON.stringify({ 'ayes-letter': token }) }],
    ['Message-ID', { message: { headers: { 'message-id': messageId } } }],
    ['envelope sender', { envelope: { sender: `${token}@bounce.example.com` } }],
  ])('the letter is named by its %s', (_, event) => {
    const bare = { event: 'failed', severity: 'permanent', recipient }
    expect(readProviderEvents('mailgun', { 'event-data': { ...bare, ...event } })[0]?.named).toEqual([token])
  })

  describe('the form fields of its first webhooks', () => {
    const form = {
      event: 'bounced',
      recipient,
      code: '550',
      error: '5.1.1 user unknown',
      timestamp: '1760000000',
    }
    const read = (more: object) => readProviderEvents('mailgun', { ...form, ...more })[0]

    test('mean the same', () => {
      expect(read({})?.report).toMatchObject({
        category: 'mailbox-does-not-exist',
        reply: '550 5.1.1 user unknown',
      })
      expect(read({ event: 'complained' })?.report.category).toBe('complaint')
      expect(
        read({ event: 'dropped', code: '605', description: 'user unknown', error: '' })?.report,
      ).toMatchObject({
        category: 'other-permanent',
      })
      expect(read({ event: 'delivered' })).toBeUndefined()
    })

    test.each([
      ['variable', { 'ayes-letter': token }],
      [
        'headers',
        {
          'message-headers': JSON.stringify([
            ['Received', 'x'],
            ['X-Ayes-Letter', token],
          ]),
        },
      ],
      ['Message-ID', { 'Message-Id': messageId }],
    ])('name the letter by its %s', (_, more) => expect(read(more)?.named).toEqual([token]))
  })
})
