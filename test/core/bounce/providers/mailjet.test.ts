import { describe, expect, test } from 'vitest'
import { readProviderEvents } from '../../../../src/core/bounce/providers/read-event.ts'
import { mailjet, token } from './sample-events.ts'

const report = (more: object) => readProviderEvents('mailjet', mailjet(more))[0]?.report

describe('Mailjet', () => {
  test.each([
    [true, 'user unknown', 'mailbox-does-not-exist'],
    [false, 'user unknown', 'temporary'],
    [true, 'mailbox inactive', 'mailbox-disabled'],
    [false, 'quota exceeded', 'mailbox-full'],
    [true, 'invalid domain', 'domain-problem'],
    [false, 'no mail host', 'domain-problem'],
    [true, 'relay/access denied', 'policy-or-spam'],
    [true, 'content blocked', 'policy-or-spam'],
    [false, 'connection issue', 'temporary'],
    [true, 'something new', 'other-permanent'],
    [true, 'constructor', 'other-permanent'],
  ])('a bounce, hard: %s, "%s" is %s', (hard_bounce, error, category) => {
    expect(report({ hard_bounce, error })).toMatchObject({
      isBounce: true,
      category,
      reply: `recipient: ${error}`,
    })
  })

  test('what the other side said goes before the class', () => {
    expect(report({ comment: '552 5.2.2 mailbox full' })).toMatchObject({
      category: 'mailbox-full',
      reply: '552 5.2.2 mailbox full',
    })
  })

  test('greylisted is a delay: delivery is tried again', () => {
    expect(report({ hard_bounce: false, error: 'greylisted' })).toMatchObject({
      isBounce: false,
      rule: 'delayed',
    })
  })

  test.each([
    ['preblocked', 'other-permanent'],
    ['user unknown', 'other-permanent'],
    ['content blocked', 'policy-or-spam'],
  ])('blocked for "%s" was never tried', (error, category) => {
    expect(report({ event: 'blocked', error })).toMatchObject({ isBounce: true, category })
  })

  test('complaints, and what is no failure', () => {
    expect(report({ event: 'spam' })).toMatchObject({ isBounce: false, category: 'complaint' })
    for (const event of ['sent', 'open', 'click', 'unsub']) expect(report({ event })).toBeUndefined()
  })

  test('the letter is named by its CustomID, else by its payload', () => {
    const Payload = JSON.stringify({ 'ayes-letter': token })
    expect(readProviderEvents('mailjet', [mailjet({ CustomID: '', Payload })])[0]?.named).toEqual([token])
  })
})
