// Waves found in a sequence of letters.
import { describe, expect, test } from 'vitest'
import { findDomain, findProvider, findReputation } from '../../../src/core/bounce/find-waves.ts'
import {
  aftermathOf,
  belongs,
  type Outcomes,
  type Refusal,
  without,
} from '../../../src/core/bounce/outcomes.ts'
import { familyOf, providerOf } from '../../../src/core/bounce/receiving-provider.ts'

type Sent = { domain: string; client?: string; refused?: boolean; policy?: boolean; provider?: string }

const begin = Date.UTC(2026, 0, 31, 12)
const secondsEach = 60

/** Letters, oldest first, one a minute. */
function outcomesOf(sent: readonly Sent[]): Outcomes {
  const newestFirst = sent.map((one, n) => ({ ...one, at: begin + n * secondsEach * 1000, n })).toReversed()
  const here = new Map<string, number>()
  const refusals: Refusal[] = []
  for (const [index, one] of newestFirst.entries()) {
    here.set(one.domain, (here.get(one.domain) ?? 0) + 1)
    if (one.refused !== true) continue
    refusals.push({
      domain: one.domain,
      provider: one.provider ?? null,
      at: new Date(one.at),
      client: one.client ?? `client ${one.n}`,
      isPolicy: one.policy ?? false,
      overall: index + 1,
      here: here.get(one.domain) ?? 0,
    })
  }
  const now = new Date(begin + sent.length * secondsEach * 1000)
  return { now, refusals, tried: sent.length, triedAt: here, earlier: new Map() }
}

const times = <T>(n: number, make: (n: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
const taken = (domain: string, n: number): Sent[] => times(n, () => ({ domain }))
const refused = (domain: string, n: number, own: Partial<Sent> = {}): Sent[] =>
  times(n, () => ({ domain, refused: true, ...own }))

describe('a domain', () => {
  test('that took letters and refuses them now: from its first refusal on, whoever else is written to', () => {
    const sent = [...taken('a.example', 20), ...taken('b.example', 40), ...refused('a.example', 6)]
    const mixed = sent.flatMap((one) => [one, { domain: 'c.example' }])
    expect(findDomain(outcomesOf(mixed), 'a.example')).toEqual({
      kind: 'domain',
      subject: 'a.example',
      domains: ['a.example'],
      beganAt: new Date(begin + 120 * secondsEach * 1000),
      numbers: { clients: 6, accepted: 0, before: { refused: 0, accepted: 20 } },
    })
    expect(findDomain(outcomesOf(mixed), 'b.example')).toBeNull()
  })

  test('at which one client is refused a thousand times is none, and hides none', () => {
    const one = refused('a.example', 1_000, { client: 'the same' })
    expect(findDomain(outcomesOf([...taken('a.example', 50), ...one]), 'a.example')).toBeNull()
    const found = findDomain(
      outcomesOf([...taken('a.example', 50), ...one, ...refused('a.example', 6)]),
      'a.example',
    )
    expect(found?.numbers).toEqual({ clients: 7, accepted: 0, before: { refused: 0, accepted: 50 } })
  })

  test('where every tenth is refused, always, has no wave', () => {
    const steady = times(3_000, (n) => ({ domain: 'a.example', refused: n % 10 === 0 }))
    expect(findDomain(outcomesOf(steady), 'a.example')).toBeNull()
  })

  test('of which the list knows a part only is judged by the days before as well', () => {
    const outcomes = outcomesOf(refused('a.example', 6))
    expect(findDomain(outcomes, 'a.example')).toBeNull()
    const earlier = new Map([['a.example', { refused: 10, accepted: 990 }]])
    expect(findDomain({ ...outcomes, earlier }, 'a.example')).toMatchObject({ subject: 'a.example' })
  })

  test('whose refusals are a day old is no news', () => {
    const outcomes = outcomesOf([...taken('a.example', 20), ...refused('a.example', 6)])
    const now = new Date(outcomes.now.getTime() + 24 * 3_600_000)
    expect(findDomain({ ...outcomes, now }, 'a.example')).toBeNull()
  })

  test('ten thousand refusals are looked through in a moment', () => {
    const outcomes = outcomesOf([...taken('a.example', 20), ...refused('a.example', 9_980)])
    const now = new Date(begin + 9_990 * 1_000)
    const close = outcomes.refusals.map((one) => ({ ...one, at: new Date(now.getTime() - one.here * 1_000) }))
    const started = performance.now()
    expect(findDomain({ ...outcomes, now, refusals: close }, 'a.example')?.numbers.clients).toBe(9_980)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

describe('a provider', () => {
  const at = { provider: 'host.example' }
  const small = (n: number) => times(n, (i) => ({ domain: `firm${i}.example`, refused: true, ...at }))
  const usual = [...taken('a.example', 200), ...taken('firm0.example', 3), ...taken('firm1.example', 3)]

  test('whose small domains refuse together, each of them once', () => {
    const found = findProvider(outcomesOf([...usual, ...small(8)]), 'host.example')
    expect(found).toMatchObject({ kind: 'provider', subject: 'host.example', numbers: { clients: 8 } })
    expect(found?.domains).toHaveLength(8)
  })

  test('is none where two of its domains do', () => {
    expect(
      findProvider(outcomesOf([...usual, ...small(2), ...small(2), ...small(2)]), 'host.example'),
    ).toBeNull()
  })

  test('is none where a large domain has the slips of its people', () => {
    const large = times(600, (n) => ({ domain: 'large.example', refused: n % 60 === 0, ...at }))
    expect(findProvider(outcomesOf([...usual, ...large, ...small(2)]), 'host.example')).toBeNull()
  })

  test('is none where small domains have always refused as many', () => {
    const steady = times(1_000, (n) => ({ domain: `d${n}.example`, refused: n % 20 === 0, ...at }))
    expect(findProvider(outcomesOf(steady), 'host.example')).toBeNull()
  })
})

describe('our reputation', () => {
  const policy = (n: number, sides: number) =>
    times(n, (i) => ({ domain: `d${i % sides}.example`, refused: true, policy: true }))

  test('5.7.x from three domains at once, with or without a past', () => {
    expect(findReputation(outcomesOf(policy(6, 3)))).toMatchObject({ kind: 'reputation', subject: '' })
    expect(findReputation(outcomesOf([...taken('a.example', 100), ...policy(9, 3)]))).not.toBeNull()
  })

  test('is not what two domains say, nor three of one provider, nor other refusals', () => {
    expect(findReputation(outcomesOf(policy(20, 2)))).toBeNull()
    const together = policy(9, 3).map((one) => ({ ...one, provider: 'host.example' }))
    expect(findReputation(outcomesOf(together))).toBeNull()
    expect(findReputation(outcomesOf(policy(9, 3).map((one) => ({ ...one, policy: false }))))).toBeNull()
  })

  test('is not what one client provokes', () => {
    const one = policy(60, 6).map((sent) => ({ ...sent, client: 'the same' }))
    expect(findReputation(outcomesOf(one))).toBeNull()
  })
})

describe('what is known already', () => {
  const sent = [...taken('a.example', 20), ...refused('a.example', 6), ...taken('a.example', 5)]

  test('is left out as if it had never been', () => {
    const outcomes = outcomesOf([...sent, ...refused('a.example', 3)])
    const wave = {
      kind: 'domain' as const,
      subject: 'a.example',
      domains: ['a.example'],
      beganAt: new Date(begin),
      endedAt: new Date(begin + 30 * secondsEach * 1000),
    }
    const rest = without(outcomes, (one) => belongs(one, wave))
    expect(rest.refusals.map((one) => [one.here, one.overall])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ])
    expect([rest.tried, rest.triedAt.get('a.example')]).toEqual([28, 28])
    expect(findDomain(rest, 'a.example')).toBeNull()
  })

  test('what came of it: the last refusal, and what was taken since', () => {
    const wave = {
      kind: 'domain' as const,
      subject: 'a.example',
      domains: [],
      beganAt: new Date(begin),
      endedAt: null,
    }
    expect(aftermathOf(outcomesOf(sent), wave)).toEqual({
      lastRefusalAt: new Date(begin + 25 * secondsEach * 1000),
      acceptedSinceLast: 5,
      recent: { clients: 6, accepted: 25 },
    })
  })
})

test.each([
  ['gmail.com', 'google.com'],
  ['hotmail.co.uk', 'outlook.com'],
  ['live.nl', 'outlook.com'],
  ['msn.com', 'outlook.com'],
  ['yahoo.com.br', 'yahoodns.net'],
  ['live.example.com', null],
  ['notgmail.com', null],
])('%s is of the family %s', (domain, family) => {
  expect(familyOf(domain)).toBe(family)
})

test.each([
  ['aspmx.l.google.com', 'google.com'],
  ['firm-com.mail.protection.outlook.com.', 'outlook.com'],
  ['MX1.Hosting.co.uk', 'hosting.co.uk'],
  ['.', null],
  ['localhost', null],
])('mail exchanger %s is of %s', (exchange, provider) => {
  expect(providerOf(exchange)).toBe(provider)
})
