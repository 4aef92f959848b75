import { describe, expect, test } from 'vitest'
import { readProviderEvents } from '../../../../src/core/bounce/providers/read-event.ts'
import { recipient, resend, token } from './sample-events.ts'

const report = (bounce: object, more: object = {}) =>
  readProviderEvents('resend', resend(more, bounce))[0]?.report

describe('Resend', () => {
  const silent = { diagnosticCode: undefined }

  test('a general message explains the class and is shown, not judged', () => {
    const message = 'The recipient was not found, or the user is unknown, or something else.'
    expect(report({ ...silent, message })).toMatchObject({
      isBounce: true,
      category: 'other-permanent',
      reply: message,
    })
  })

  test("a message that quotes a server's reply is judged", () => {
    const message = 'The server answered: 550 5.1.1 user unknown'
    expect(report({ ...silent, message })?.category).toBe('mailbox-does-not-exist')
  })

  test.each([
    ['Permanent', 'Suppressed', 'other-permanent'],
    ['Permanent', 'OnAccountSuppressionList', 'other-permanent'],
    ['Transient', 'MailboxFull', 'mailbox-full'],
    ['Transient', 'ContentRejected', 'policy-or-spam'],
    ['Undetermined', 'Undetermined', 'other-permanent'],
  ])('%s, %s without a reply is %s', (type, subType, category) => {
    expect(report({ ...silent, type, subType })).toMatchObject({ isBounce: true, category })
  })

  test('its own refusal says nothing new, though a reply stands beside it', () => {
    expect(report({ subType: 'Suppressed' })).toMatchObject({ category: 'other-permanent' })
  })

  test('a general transient bounce without a reply may be an auto-reply', () => {
    expect(report({ ...silent, type: 'Transient' })).toMatchObject({ isBounce: false, category: null })
  })

  test('its other events', () => {
    expect(report({}, { type: 'email.delivery_delayed' })).toMatchObject({ isBounce: false, rule: 'delayed' })
    expect(report({}, { type: 'email.complained' })).toMatchObject({ isBounce: false, category: 'complaint' })
    expect(report({}, { type: 'email.suppressed' })).toMatchObject({ category: 'other-permanent' })
    expect(report({}, { type: 'email.failed' })).toMatchObject({
      isBounce: true,
      category: 'other-permanent',
    })
    for (const type of ['email.sent', 'email.delivered', 'email.opened', 'email.clicked', 'contact.created'])
      expect(report({}, { type })).toBeUndefined()
  })

  test('which of several recipients it was is not made up', () => {
    const named = (to: unknown) => {
      const whole = resend()
      return readProviderEvents('resend', { ...whole, data: { ...whole.data, to } })[0]?.report.recipient
    }
    expect(named([`Ann <${recipient}>`])).toBe(recipient)
    expect(named([recipient, 'bea@example.org'])).toBeNull()
  })

  test.each([
    ['header', { headers: [{ name: 'X-Ayes-Letter', value: token }] }],
    ['tags', { tags: { 'ayes-letter': token } }],
    ['tags as a list', { tags: [{ name: 'ayes-letter', value: token }] }],
    ['Message-ID', { message_id: `<${token}@lists.example.com>` }],
  ])('the letter is named by its %s', (_, data) => {
    const { type, created_at } = resend()
    expect(
      readProviderEvents('resend', { type, created_at, data: { ...data, bounce: {} } })[0]?.named,
    ).toEqual([token])
  })
})
