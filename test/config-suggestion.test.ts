import { describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'

function suggestionFrom(env: Record<string, string>) {
  const reading = readConfig(env, () => '')
  return reading.kind === 'config' ? reading.config.suggestion : reading.mistakes
}

test('nothing is suggested besides, and nothing refused, unless it is set', () => {
  expect(suggestionFrom({})).toEqual({ domains: [], refuseDisposable: false })
})

describe('SUGGEST_DOMAINS', () => {
  test('names domains in any spelling, once each', () => {
    const text = ' Acme.com, @mail.acme.com,uni-münchen.example ,acme.com'
    expect(suggestionFrom({ SUGGEST_DOMAINS: text })).toMatchObject({
      domains: ['acme.com', 'mail.acme.com', 'xn--uni-mnchen-eeb.example'],
    })
  })

  test.each([
    ['acme', 'has "acme", which is no domain'],
    ['ann@acme.com', 'has "ann@acme.com", which is no domain'],
    ['acme.com;acme.org', 'has "acme.com;acme.org", which is no domain'],
    ['acme..com', 'has "acme..com", which is no domain'],
    ['192.0.2.1', 'has "192.0.2.1", which is no domain'],
    ['acme.com,co.uk', 'has "co.uk", which is an ending that many domains share'],
    [',', 'names nothing'],
    [Array.from({ length: 301 }, (_, n) => `a${n}.example`).join(), 'names 301 domains'],
  ])('%s is a mistake', (text, problem) => {
    const [mistake] = [suggestionFrom({ SUGGEST_DOMAINS: text })].flat()
    expect(mistake).toContain(problem)
    expect(mistake).toMatch(/^SUGGEST_DOMAINS is .*: write mail domains with commas between them/)
  })
})

describe('REFUSE_DISPOSABLE', () => {
  test('is true or false', () => {
    expect(suggestionFrom({ REFUSE_DISPOSABLE: 'true' })).toMatchObject({ refuseDisposable: true })
    expect(suggestionFrom({ REFUSE_DISPOSABLE: 'false' })).toMatchObject({ refuseDisposable: false })
  })

  test.each(['yes', '1', 'TRUE'])('%s is a mistake', (text) => {
    expect(suggestionFrom({ REFUSE_DISPOSABLE: text })).toEqual([
      `REFUSE_DISPOSABLE is "${text}", which is not known: write true or false`,
    ])
  })
})
