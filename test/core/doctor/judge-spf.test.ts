import { describe, expect, test } from 'vitest'
import { judgeSpf, type SpfRelay, type SpfWalk } from '../../../src/core/doctor/judge-spf.ts'
import { isSpf, readSpf } from '../../../src/core/doctor/read-spf.ts'

function walkOf(records: string[], changes: Partial<SpfWalk> = {}): SpfWalk {
  const reading = readSpf(records.find(isSpf) ?? '')
  return {
    domain: 'example.com',
    answer: { kind: 'found', records },
    record: reading.kind === 'record' ? reading.record : null,
    problems: reading.kind === 'wrong' ? [reading.problem] : [],
    unanswered: [],
    lookups: 1,
    voids: 0,
    networks: ['192.0.2.0/24'],
    hasUnknown: false,
    ending: '-',
    ...changes,
  }
}

const good = ['google-site-verification=x', 'v=spf1 include:_spf.example -all']
const relay: SpfRelay = {
  name: 'relay.example:587',
  addresses: ['192.0.2.1'],
  letIn: ['192.0.2.1'],
  isLocal: false,
}

function results(walk: SpfWalk, about: SpfRelay | null = relay) {
  return Object.fromEntries(judgeSpf(walk, about).map(({ check, result }) => [check, result]))
}

describe('the record of the envelope sender', () => {
  test('that is fine is ok in all its parts', () => {
    expect(results(walkOf(good))).toEqual({
      'spf-record': 'ok',
      'spf-lookups': 'ok',
      'spf-ending': 'ok',
      'spf-relay': 'ok',
    })
  })

  test.each<[string, SpfWalk]>([
    ['none', walkOf(['other'])],
    ['no TXT at all', walkOf([], { answer: { kind: 'no-records' } })],
    ['no such domain', walkOf([], { answer: { kind: 'no-such-domain' } })],
    ['two of them', walkOf(['v=spf1 -all', 'v=spf1 a -all'])],
    ['a term that is none', walkOf(['v=spf1 ipv4:192.0.2.1 -all'])],
    [
      'an include that leads nowhere',
      walkOf(good, { problems: ['it leads to _spf.example, which has no SPF record'] }),
    ],
  ])('%s is wrong, and nothing more is said', (_, walk) => {
    expect(results(walk)).toEqual({ 'spf-record': 'wrong' })
  })

  test('that is missing comes with the line to add', () => {
    const [finding] = judgeSpf(walkOf([]), { ...relay, isLocal: true })
    expect(finding?.mend).toBe('add the DNS record: example.com. TXT "v=spf1 ip4:192.0.2.1 ~all"')
  })

  test('nothing is said against it when no server answers', () => {
    const walk = walkOf([], { answer: { kind: 'no-answer', why: 'SERVFAIL' } })
    expect(results(walk)).toEqual({ 'spf-record': 'cannot-tell' })
  })

  test.each<[Partial<SpfWalk>, object]>([
    [{ lookups: 10 }, { 'spf-lookups': 'warning' }],
    [{ lookups: 11 }, { 'spf-lookups': 'wrong' }],
    [{ voids: 3 }, { 'spf-lookups': 'wrong' }],
    [{ unanswered: ['a: b'] }, { 'spf-lookups': 'cannot-tell' }],
    [{ ending: '~' }, { 'spf-ending': 'ok' }],
    [{ ending: '?' }, { 'spf-ending': 'warning' }],
    [{ ending: null }, { 'spf-ending': 'warning' }],
    [{ ending: '+' }, { 'spf-ending': 'wrong' }],
    [{ networks: [] }, { 'spf-relay': 'wrong' }],
    [{ networks: [], hasUnknown: true }, { 'spf-relay': 'ok' }],
  ])('%j gives %j', (changes, expected) => {
    expect(results(walkOf(good, changes))).toMatchObject(expected)
  })
})

describe('the relay', () => {
  test('that is not let in may send from elsewhere, unless it is this machine', () => {
    const stranger = { ...relay, letIn: [] }
    expect(results(walkOf(good), stranger)['spf-relay']).toBe('cannot-tell')
    expect(results(walkOf(good), { ...stranger, isLocal: true })['spf-relay']).toBe('warning')
    expect(results(walkOf(good), { ...stranger, addresses: [] })['spf-relay']).toBe('cannot-tell')
  })

  test('of two addresses of which one is let in, the other is named', () => {
    const half = { ...relay, addresses: ['192.0.2.1', '2001:db8::1'], isLocal: true }
    const [finding] = judgeSpf(walkOf(good), half).filter(({ check }) => check === 'spf-relay')
    expect(finding?.found).toContain('(2001:db8::1)')
    expect(finding?.mend).toContain('add ip6:2001:db8::1 ')
  })
})
