import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasMacro, isSpf, readSpf } from '../../../src/core/doctor/read-spf.ts'

describe('a record', () => {
  test('is read term by term, with signs, domains and prefix lengths', () => {
    const text =
      'v=spf1  a mx/24 -MX:mail.example//64 ?a:b.example/28//120 ip4:192.0.2.1 IP4:192.0.2.0/24 ip6:2001:db8::/32 include:_spf.example exists:%{i}._s.%{d} ~ptr redirect=x.example exp=why.example other=1 -all'
    const named = (kind: string, domain: string | null, qualifier = '+', ip4 = 32, ip6 = 128) => ({
      kind,
      qualifier,
      domain,
      prefix: { ip4, ip6 },
    })
    expect(readSpf(text)).toEqual({
      kind: 'record',
      record: {
        redirect: 'x.example',
        mechanisms: [
          named('a', null),
          named('mx', null, '+', 24),
          named('mx', 'mail.example', '-', 32, 64),
          named('a', 'b.example', '?', 28, 120),
          { kind: 'ip4', qualifier: '+', network: '192.0.2.1/32' },
          { kind: 'ip4', qualifier: '+', network: '192.0.2.0/24' },
          { kind: 'ip6', qualifier: '+', network: '2001:db8::/32' },
          named('include', '_spf.example'),
          named('exists', '%{i}._s.%{d}'),
          named('ptr', null, '~'),
          { kind: 'all', qualifier: '-' },
        ],
      },
    })
  })

  test.each([
    'ip4:192.0.2.256',
    'ip4:192.0.2.0/33',
    'ip4',
    'ip4:2001:db8::1',
    'ip6:192.0.2.1',
    'ip6:2001:db8::/129',
    'ip6:zz::1',
    'include',
    'include:',
    'include:a.example/24',
    'all:x.example',
    'a/33',
    'mx//129',
    'ptr/24',
    'spf.example',
    'ip:192.0.2.1',
    '--all',
    'exists:%{x.example',
    'a:100%.example',
    'redirect=a.example redirect=b.example',
  ])('with %s is none, and that term is named', (term) => {
    const reading = readSpf(`v=spf1 ${term} -all`)
    expect(reading.kind).toBe('wrong')
    expect(reading.kind === 'wrong' && reading.problem).toContain(term.split(/[ =:]/)[0])
  })

  test('begins with its version and nothing else', () => {
    expect(['v=spf1', 'v=spf1 -all', 'V=SPF1 -all'].map(isSpf)).toEqual([true, true, true])
    expect(['v=spf10 -all', 'v=spf1-all', ' v=spf1', 'spf1'].map(isSpf)).toEqual([false, false, false, false])
    expect(['%{i}.a.example', 'a.example'].map(hasMacro)).toEqual([true, false])
  })

  test('of any text is read or refused, quickly and without throwing', () => {
    const term = fc.stringMatching(/^[+~?-]?(a|mx|ip4|ip6|include|all|x)?[:/=]?[a-z0-9.:/%{}-]{0,20}$/)
    fc.assert(
      fc.property(fc.array(term, { maxLength: 20 }), (terms) => void readSpf(`v=spf1 ${terms.join(' ')}`)),
    )
    readSpf(`v=spf1 a:${'/1'.repeat(30_000)} ${'a'.repeat(60_000)} exists:${'%{d}'.repeat(15_000)}x%`)
  })
})
