import { describe, expect, test } from 'vitest'
import { readProviderEvents } from '../../../../src/core/bounce/providers/read-event.ts'
import { sparkpost, token } from './sample-events.ts'

const report = (more: object) => readProviderEvents('sparkpost', [sparkpost(more)])[0]?.report
const saying = (reason: string, more: object = {}) => report({ raw_reason: reason, reason, ...more })

describe('SparkPost', () => {
  test.each([
    ['10', '550 5.1.1 user unknown', 'mailbox-does-not-exist'],
    ['10', '550 [internal] [oob] The recipient is invalid.', 'mailbox-does-not-exist'],
    ['10', '550 no', 'other-permanent'],
    ['22', '552 no', 'mailbox-full'],
    ['20', '450 4.1.1 user unknown', 'temporary'],
    ['40', '550 5.1.1 user unknown', 'mailbox-does-not-exist'],
    ['51', '550 no', 'policy-or-spam'],
    ['21', '554 5.4.4 [internal] no MX or A for domain', 'domain-problem'],
    ['24', '554 5.4.7 [internal] exceeded max time without delivery', 'temporary'],
    ['25', '550 5.1.1 user unknown', 'other-permanent'],
    ['1', '550 5.7.1 recipient address was suppressed due to customer policy', 'other-permanent'],
  ])('a bounce of class %s with "%s" is %s', (bounce_class, reason, category) => {
    expect(saying(reason, { bounce_class })).toMatchObject({ isBounce: true, category })
  })

  test.each(['60', '80', '90', '100', 60])('class %s answers a letter that arrived', (bounce_class) => {
    expect(report({ bounce_class })).toMatchObject({ isBounce: false, category: null })
  })

  test.each([
    ['delay', 'delayed', null],
    ['spam_complaint', 'provider-complaint', 'complaint'],
  ])('%s is no bounce', (type, rule, category) => {
    expect(saying('454 4.4.4 [internal] no MX or A for domain', { type })).toMatchObject({
      isBounce: false,
      category,
      rule,
    })
  })

  test('what SparkPost refuses by itself is never about the mailbox', () => {
    const reason = '550 5.1.1 user unknown'
    expect(saying(reason, { type: 'policy_rejection' })?.category).toBe('policy-or-spam')
    expect(saying(reason, { type: 'generation_failure' })?.category).toBe('other-permanent')
    expect(saying(reason, { type: 'out_of_band' })?.category).toBe('mailbox-does-not-exist')
  })

  test.each(['injection', 'delivery', 'sms_status'])('%s says nothing', (type) =>
    expect(report({ type })).toBeUndefined(),
  )

  test('tracks, unsubscriptions and the empty test batch say nothing', () => {
    const batch = [
      { msys: {} },
      { msys: { track_event: { type: 'open' } } },
      { msys: { unsubscribe_event: {} } },
    ]
    expect(readProviderEvents('sparkpost', batch)).toEqual([])
  })

  test('the letter is named by its metadata, else by its envelope sender', () => {
    expect(readProviderEvents('sparkpost', [sparkpost({ msg_from: '' })])[0]?.named).toEqual([token])
    expect(readProviderEvents('sparkpost', [sparkpost({ rcpt_meta: {} })])[0]?.named).toEqual([token])
  })
})
