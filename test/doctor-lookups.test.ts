// What doctor gathers from the DNS: an SPF record with all that it leads to, and addresses.
import { describe, expect, test } from 'vitest'
import {
  isOfThisMachine,
  lookUpAddresses,
  reverseName,
  within,
  worldAddresses,
} from '../src/cli/doctor/addresses.ts'
import { walkSpf } from '../src/cli/doctor/walk-spf.ts'
import { resolverOf, serve } from './support/dns-for-tests.ts'
import { fromZone, type Zone } from './support/dns-server.ts'

async function walk(zone: Zone) {
  return walkSpf(resolverOf([await serve(fromZone(zone))]), 'a.example')
}
const spf = (...terms: string[]) => ({ TXT: [['v=spf1 ', terms.join(' ')]] })

describe('an SPF record', () => {
  test('lets in what it names, and what its includes name', async () => {
    const found = await walk({
      'a.example': {
        ...spf(
          'ip4:192.0.2.0/24',
          'a:h.example/28',
          'mx',
          'include:B.example',
          '-ip4:203.0.113.9',
          '?include:c.example',
          '-all',
        ),
        MX: [{ preference: 1, exchange: 'h.example' }],
      },
      'b.example': spf('ip6:2001:db8::/32', '~all'),
      'c.example': spf('ip4:203.0.113.8', '~all'),
      'h.example': { A: ['198.51.100.1'], AAAA: ['2001:db8::9'] },
    })
    expect(found).toMatchObject({
      problems: [],
      unanswered: [],
      lookups: 4,
      voids: 0,
      ending: '-',
      hasUnknown: false,
    })
    expect(found.networks).toEqual([
      '192.0.2.0/24',
      '198.51.100.1/28',
      '2001:db8::9/128',
      '198.51.100.1/32',
      '2001:db8::9/128',
      '2001:db8::/32',
    ])
  })

  test('ends as the one that it redirects to', async () => {
    const found = await walk({
      'a.example': spf('redirect=b.example'),
      'b.example': spf('ip4:192.0.2.1', '~all'),
    })
    expect(found).toMatchObject({ ending: '~', lookups: 1, networks: ['192.0.2.1/32'] })
    const unused = await walk({ 'a.example': spf('-all', 'redirect=b.example') })
    expect(unused).toMatchObject({ ending: '-', lookups: 0, problems: [] })
  })

  test.each<[string, Zone, string]>([
    [
      'a circle',
      { 'a.example': spf('include:b.example'), 'b.example': spf('include:a.example') },
      'leads back',
    ],
    ['an include without a record', { 'a.example': spf('include:b.example') }, 'no SPF record'],
    [
      'an include with two',
      { 'a.example': spf('include:b.example'), 'b.example': { TXT: [['v=spf1'], ['v=spf1']] } },
      '2 SPF records',
    ],
    [
      'a term that is none, below',
      { 'a.example': spf('include:b.example'), 'b.example': spf('oops') },
      '"oops" is no term of SPF (in the record of b.example)',
    ],
  ])('%s is a problem', async (_, zone, words) => {
    expect((await walk(zone)).problems).toEqual([expect.stringContaining(words)])
  })

  test('lookups are counted over includes, and those that lead to nothing apart', async () => {
    const names = Array.from({ length: 7 }, (_, n) => `a:gone${n}.example`)
    const found = await walk({
      'a.example': spf(...names, 'include:b.example', 'exists:%{i}.x.example', 'mx'),
      'b.example': spf(...names),
    })
    expect(found).toMatchObject({ lookups: 17, voids: 15, hasUnknown: true })
  })

  test('includes without end are left', async () => {
    const names = (n: number) => [`include:${n}a.example`, `include:${n}b.example`]
    const zone = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) =>
        ['a', 'b'].map((side) => [`${n}${side}.example`, spf(...names(n + 1))]),
      ).flat(),
    )
    const found = await walk({ ...zone, 'a.example': spf(...names(0)) })
    expect(found.lookups).toBeGreaterThan(10)
    expect(found.lookups).toBeLessThan(200)
  })

  test('what no server answers is noted', async () => {
    const found = await walk({ 'a.example': spf('include:b.example', '-all'), 'b.example': 'servfail' })
    expect(found).toMatchObject({
      problems: [],
      unanswered: [expect.stringContaining('SERVFAIL')],
      hasUnknown: true,
    })
  })
})

describe('addresses', () => {
  test('are looked for in networks of both families', () => {
    const addresses = ['192.0.2.9', '198.51.100.1', '2001:db8::5']
    expect(within(addresses, ['192.0.2.0/24', '2001:db8::/126', '2001:db8::4/126'])).toEqual([
      '192.0.2.9',
      '2001:db8::5',
    ])
    expect(within(addresses, [])).toEqual([])
  })

  test('of a host are A and AAAA, and one that is an address has itself', async () => {
    const resolver = resolverOf([
      await serve(fromZone({ 'a.example': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] }, 'b.example': {} })),
    ])
    expect(await lookUpAddresses(resolver, 'a.example')).toEqual({
      kind: 'found',
      records: ['192.0.2.1', '2001:db8::1'],
    })
    expect(await lookUpAddresses(resolver, '192.0.2.7')).toEqual({ kind: 'found', records: ['192.0.2.7'] })
    expect(await lookUpAddresses(resolver, 'b.example')).toEqual({ kind: 'no-records' })
    expect(await lookUpAddresses(resolver, 'c.example')).toEqual({ kind: 'no-such-domain' })
  })

  test('have names of their own in the DNS', () => {
    expect(reverseName('192.0.2.1')).toBe('1.2.0.192.in-addr.arpa')
    expect(reverseName('2001:db8::567:89ab')).toBe(
      'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
    )
    expect(reverseName('2001:db8:1:2:3:4:5:6')).toMatch(/^6\.0\.0\.0\.5\..*\.ip6\.arpa$/)
  })

  test('of the world are none that only this machine or its network knows', () => {
    expect(isOfThisMachine('127.0.0.1')).toBe(true)
    expect(
      worldAddresses().filter((address) => /^(127|10|192\.168|169\.254)\.|^::1$|^fe80/.test(address)),
    ).toEqual([])
  })
})
