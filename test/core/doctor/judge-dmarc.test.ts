import { describe, expect, test } from 'vitest'
import { dmarcNames, isAligned, organisationalDomain } from '../../../src/core/doctor/align.ts'
import { type DmarcFacts, isDmarc, judgeDmarc } from '../../../src/core/doctor/judge-dmarc.ts'

function factsOf(record: string | string[], changes: Partial<DmarcFacts> = {}): DmarcFacts {
  const records = [record].flat()
  return {
    from: 'news.example.com',
    envelope: 'bounce.example.com',
    dkim: 'example.com',
    answers: [{ name: '_dmarc.news.example.com', answer: { kind: 'found', records } }],
    ...changes,
  }
}
const results = (facts: DmarcFacts) =>
  Object.fromEntries(judgeDmarc(facts).map(({ check, result }) => [check, result]))

describe('the record', () => {
  test('that is fine is ok', () => {
    const facts = factsOf(['v=DMARC1; p=reject; rua=mailto:d@example.com!10m,mailto:e@example.com;', 'other'])
    expect(results(facts)).toEqual({ 'dmarc-record': 'ok', 'dmarc-alignment': 'ok' })
  })

  test('that is missing is warned of, with the line to add', () => {
    const facts = factsOf([], { answers: [{ name: '_dmarc.com', answer: { kind: 'no-records' } }] })
    expect(results(facts)).toEqual({ 'dmarc-record': 'warning', 'dmarc-alignment': 'ok' })
    expect(judgeDmarc(facts)[0]?.mend).toContain('_dmarc.news.example.com. TXT "v=DMARC1; p=none;')
  })

  test.each([
    'v=DMARC1; p=rejct',
    'v=DMARC1; sp=none',
    'v=DMARC1; p=none; rua=d@example.com',
    'v=DMARC1; p=none; adkim=strict',
    'v=DMARC1 p=none',
    'v=DMARC1; p=none; p=reject',
  ])('%s cannot be used', (record) => {
    const wrong = isDmarc(record) ? 'wrong' : 'warning'
    expect(results(factsOf(record))['dmarc-record']).toBe(wrong)
  })

  test('twice is used by nobody', () => {
    expect(results(factsOf(['v=DMARC1; p=none', 'v=DMARC1; p=none']))).toEqual({ 'dmarc-record': 'wrong' })
  })

  test('without an answer is not judged', () => {
    const answers = [{ name: '_dmarc.x', answer: { kind: 'no-answer' as const, why: 'SERVFAIL' } }]
    expect(results(factsOf([], { answers }))).toEqual({ 'dmarc-record': 'cannot-tell' })
  })

  test('of the domain above speaks by its sp', () => {
    const strangers = { envelope: 'other.example', dkim: 'third.example' }
    const above = (record: string) =>
      results(
        factsOf(record, {
          ...strangers,
          answers: [{ name: '_dmarc.example.com', answer: { kind: 'found', records: [record] } }],
        }),
      )
    expect(above('v=DMARC1; p=none; sp=reject')['dmarc-alignment']).toBe('wrong')
    expect(above('v=DMARC1; p=reject; sp=none')['dmarc-alignment']).toBe('warning')
    expect(above('v=DMARC1; p=quarantine')['dmarc-alignment']).toBe('wrong')
  })
})

describe('what counts for the domain in From', () => {
  test.each<[string, Partial<DmarcFacts>, string]>([
    ['', {}, 'ok'],
    ['', { envelope: 'other.example' }, 'ok'],
    ['; aspf=s', {}, 'ok'],
    ['; adkim=s', {}, 'warning'],
    ['', { dkim: null }, 'warning'],
    ['', { dkim: null, envelope: 'other.example' }, 'cannot-tell'],
    ['; aspf=s', { dkim: null }, 'cannot-tell'],
    ['; aspf=s; adkim=s', {}, 'wrong'],
    ['', { dkim: 'other.example', envelope: 'other.example' }, 'wrong'],
  ])('p=reject%s with %j is %s', (tags, changes, expected) => {
    expect(results(factsOf(`v=DMARC1; p=reject${tags}`, changes))['dmarc-alignment']).toBe(expected)
  })

  test('an organisation is what stands below a public suffix', () => {
    expect(
      ['a.b.example.co.uk', 'example.com', 'me.github.io', 'localhost'].map(organisationalDomain),
    ).toEqual(['example.co.uk', 'example.com', 'me.github.io', 'localhost'])
    expect(isAligned('a.example.com', 'b.example.com', 'relaxed')).toBe(true)
    expect(isAligned('a.example.com', 'b.example.com', 'strict')).toBe(false)
    expect(isAligned('a.co.uk', 'b.co.uk', 'relaxed')).toBe(false)
  })

  test('the record is looked for upwards, in eight steps at most', () => {
    expect(dmarcNames('a.example.com')).toEqual(['_dmarc.a.example.com', '_dmarc.example.com', '_dmarc.com'])
    const long = dmarcNames('a.b.c.d.e.f.g.h.example.com')
    expect([long.length, long[0], long[1]]).toEqual([
      8,
      '_dmarc.a.b.c.d.e.f.g.h.example.com',
      '_dmarc.d.e.f.g.h.example.com',
    ])
  })
})
