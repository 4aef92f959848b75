import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAcceptLanguage, pickLocale } from '../../src/core/locale.ts'

describe('parseAcceptLanguage', () => {
  test.each([
    ['de-AT, de;q=0.8, en;q=0.5', ['de-AT', 'de', 'en']],
    ['en;q=0.1,de', ['de', 'en']],
    ['fr ; q=0.9 , en', ['en', 'fr']],
    ['en;q=0.5, de;q=0.5', ['en', 'de']],
    ['*, en;q=0.3', ['en']],
    ['en;q=0, de', ['de']],
    ['en;q=2, de;q=x, fr;q=0.1234, ja;q=1.000', ['ja']],
    ['en;q=0.5;x=1, de', ['de']],
    ['<script>, ../../etc, de', ['de']],
    ['', []],
    [',,;;', []],
  ])('%j asks for %j', (header, tags) => {
    expect(parseAcceptLanguage(header)).toEqual(tags)
  })

  test('of a very long header only the beginning counts, and no tag is cut in two', () => {
    const header = `de,${'x-'.repeat(300)},${'en,'.repeat(10_000)}`
    expect(parseAcceptLanguage(header)).toEqual(['de'])
    expect(parseAcceptLanguage(`${'aa-'.repeat(2)}${'a'.repeat(500)},de-AT-1996`)).not.toContain('de-AT')
    expect(parseAcceptLanguage('de,'.repeat(100))).toHaveLength(20)
  })

  test('no header makes it throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (header) =>
        Array.isArray(parseAcceptLanguage(header)),
      ),
    )
  })
})

describe('pickLocale', () => {
  const available = ['en', 'de', 'pt-BR', 'zh-Hant', 'ar']

  test.each([
    [['de-AT'], 'de'],
    [['DE-at'], 'de'],
    [['de-AT-u-co-phonebk'], 'de'],
    [['de-x-phonebk'], 'de'],
    [['pt'], 'pt-BR'],
    [['pt-PT'], 'pt-BR'],
    [['pt-br'], 'pt-BR'],
    [['zh-TW'], 'zh-Hant'],
    [['zh-CN'], 'en'],
    [['ar-EG'], 'ar'],
    [[null, undefined, '', 'de'], 'de'],
    [['fr', 'de-CH', 'en'], 'de'],
    [['tlh', 'xx'], 'en'],
    [['not a tag', 'e', '-', 'de-', '<de>'], 'en'],
    [[], 'en'],
  ])('%j is met by %s', (wanted, met) => {
    expect(pickLocale(available, wanted)).toBe(met)
  })

  test('whatever is wanted, the answer is available', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constant(null))), (wanted) =>
        available.includes(pickLocale(available, wanted)),
      ),
    )
  })

  test('with nothing available there is nothing to pick', () => {
    expect(() => pickLocale([], ['de'])).toThrow('no locale')
  })
})
