import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { categories } from '../../../../src/core/bounce/category.ts'
import { providers } from '../../../../src/core/bounce/door.ts'
import type { ProviderEvent } from '../../../../src/core/bounce/providers/provider-event.ts'
import { readProviderEvents } from '../../../../src/core/bounce/providers/read-event.ts'
import { deadMailbox, recipient, sendgrid, token } from './sample-events.ts'

describe('a mailbox that does not exist, told by each provider', () => {
  test.each(providers)('%s', (provider) => {
    const events = readProviderEvents(provider, deadMailbox[provider])
    expect(events).toHaveLength(1)
    expect(events[0]?.named[0]).toBe(token)
    expect(events[0]?.report).toMatchObject({
      isBounce: true,
      category: 'mailbox-does-not-exist',
      recipient,
      forwarded: false,
    })
  })

  test.each(providers)('%s: the same event has the same id when it comes again', (provider) => {
    const [first, again] = [1, 2].map(() =>
      readProviderEvents(provider, JSON.parse(JSON.stringify(deadMailbox[provider]))),
    )
    expect(first?.[0]?.id).toBe(again?.[0]?.id)
    expect(first?.[0]?.id).not.toMatch(/^\/*$/)
  })

  test.each(providers)('%s: neither the token nor the address is made up where it is missing', (provider) => {
    const text = JSON.stringify(deadMailbox[provider]).replaceAll(token, 'gone').replaceAll(recipient, '')
    const [event] = readProviderEvents(provider, JSON.parse(text))
    expect(event?.named).toEqual([])
    expect(event?.report.recipient).toBeNull()
  })
})

describe('whatever comes', () => {
  test('any JSON value is answered', () => {
    fc.assert(
      fc.property(fc.constantFrom(...providers), fc.jsonValue({ maxDepth: 6 }), (provider, value) =>
        readProviderEvents(provider, value).every(isSound),
      ),
      { numRuns: 1000 },
    )
  })

  test('any JSON value in the place of any member is answered', () => {
    const spoilt = fc.constantFrom(...providers).chain((provider) => {
      const whole = deadMailbox[provider]
      return fc.record({
        provider: fc.constant(provider),
        path: fc.constantFrom(...pathsIn(whole)),
        value: fc.oneof(
          fc.jsonValue({ maxDepth: 3 }),
          fc.string({ unit: 'binary', maxLength: 300 }),
          fc.constantFrom(
            '',
            '550',
            '5.1.1',
            'Bounce',
            'user unknown',
            token,
            '__proto__',
            'constructor',
            -1,
            1e308,
            { toString: 1, valueOf: 1 },
          ),
        ),
      })
    })
    fc.assert(
      fc.property(spoilt, ({ provider, path, value }) =>
        readProviderEvents(provider, replaced(deadMailbox[provider], path, value)).every(isSound),
      ),
      { numRuns: 2000 },
    )
  })

  test('JSON 100,000 deep, a text of 5 MB and an object of 100,000 members are answered', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`ayes-${at}`, token]))
    const long = `550 5.1.1 user unknown ${'x'.repeat(5_000_000)}`
    for (const provider of providers) {
      for (const path of pathsIn(deadMailbox[provider])) {
        for (const value of [deep, wide, long]) {
          const events = readProviderEvents(provider, replaced(deadMailbox[provider], path, value))
          expect(events.filter((event) => !isSound(event))).toEqual([])
        }
      }
    }
  })
})

describe('batches', () => {
  test('give every event once, in their order', () => {
    const batch = ['a', 'b', 'a', 'c', 'b'].map((id) => sendgrid({ sg_event_id: id }))
    expect(readProviderEvents('sendgrid', batch).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  })

  test('of which one event is broken give the others', () => {
    const batch = [
      sendgrid({ sg_event_id: 'a' }),
      null,
      'x',
      [],
      { event: [] },
      sendgrid({ sg_event_id: 'b' }),
    ]
    expect(readProviderEvents('sendgrid', batch).map(({ id }) => id)).toEqual(['a', 'b'])
  })

  // The promise of a second on a quiet core is for `npm run bench -- bounces`; this catches what runs away.
  test('of 10,000 events are read quickly', () => {
    const batch = JSON.stringify(
      Array.from({ length: 10_000 }, (_, at) =>
        sendgrid({
          sg_event_id: `event-${at}`,
          reason: `550 5.1.1 <p${at}@example.org>: user unknown, ${at}`,
        }),
      ),
    )
    const start = performance.now()
    expect(readProviderEvents('sendgrid', JSON.parse(batch))).toHaveLength(10_000)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

function isSound({ id, named, report }: ProviderEvent): boolean {
  const { category, reply, isBounce, rule } = report
  return (
    id !== '' &&
    id.length <= 300 &&
    named.length <= 20 &&
    named.every((name) => name.length === 42) &&
    (category === null
      ? !isBounce
      : categories.includes(category) && isBounce !== (category === 'complaint')) &&
    (reply === null || (reply.length > 0 && reply.length <= 1000)) &&
    (report.recipient?.length ?? 0) <= 320 &&
    rule !== '' &&
    rule.length <= 200
  )
}

type Path = readonly (string | number)[]

function pathsIn(value: unknown, here: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [here]
  const inside = Object.entries(value).flatMap(([name, member]) => pathsIn(member, [...here, name]))
  return [here, ...inside]
}

function replaced(whole: unknown, [name, ...rest]: Path, value: unknown): unknown {
  if (name === undefined) return value
  if (Array.isArray(whole))
    return whole.map((one, at) => (at === Number(name) ? replaced(one, rest, value) : one))
  const members = typeof whole === 'object' && whole !== null ? Object.entries(whole) : []
  return Object.fromEntries(
    members.map(([key, member]) => [key, key === name ? replaced(member, rest, value) : member]),
  )
}
