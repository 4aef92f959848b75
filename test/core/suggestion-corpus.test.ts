import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { countriesOf } from '../../src/core/suggestion/home-country.ts'
import { TARGETS } from '../../src/core/suggestion/target-list.ts'
import { type Asked, makeSuggester, suggestDomain } from '../../src/core/suggestion.ts'

const CORPORA = new URL('../../../shared/corpora/typos/', import.meta.url)
const present = existsSync(CORPORA)
if (!present) console.warn('The corpus of typos is absent (../shared/corpora/typos): its tests are skipped.')

type Positive = { domain: string; intended: string; also: string[]; class: string }
type Negative = { domain: string; rank?: number }

function readLines<Row>(name: string): Row[] {
  const lines = readFileSync(new URL(name, CORPORA), 'utf8').split('\n').filter(Boolean)
  return lines.map((line): Row => JSON.parse(line))
}

const knowingNothing = makeSuggester({ known: new Set() })

const negatives = present ? readLines<Negative>('negatives.jsonl') : []

describe.skipIf(!present)('on the corpus of typos', () => {
  test('listed typos are repaired, and hardly one is answered wrong', () => {
    const listed = readLines<Positive>('positives.jsonl').filter((row) => row.class === 'listed')
    const answers = listed.map((row) => {
      const answer = suggestDomain(row.domain)
      if (answer === null) return 'silent'
      return answer === row.intended || row.also.includes(answer) ? 'right' : 'wrong'
    })
    expect(answers.filter((answer) => answer === 'right').length / listed.length).toBeGreaterThanOrEqual(0.97)
    expect(answers.filter((answer) => answer === 'wrong').length / listed.length).toBeLessThanOrEqual(0.01)
  })

  test('made typos are repaired', () => {
    const made = readLines<Positive>('positives.jsonl').filter((row) => row.class !== 'listed')
    const right = made.filter((row) => [row.intended, ...row.also].includes(suggestDomain(row.domain) ?? ''))
    expect(right.length / made.length).toBeGreaterThanOrEqual(0.96)
  })

  test('no real domain is questioned', () => {
    expect(negatives.filter((row) => suggestDomain(row.domain) !== null)).toEqual([])
  })

  test('real domains are left alone, even with nothing known about them', () => {
    const accused = negatives.filter((row) => knowingNothing.suggestDomain(row.domain) !== null)
    expect(accused.length / negatives.length).toBeLessThanOrEqual(0.001)
    const ranked = negatives.filter((row) => row.rank !== undefined)
    const top = ranked.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0)).slice(0, 1000)
    expect(top.filter((row) => accused.includes(row)).length).toBeLessThanOrEqual(3)
  })

  test('a suggestion would itself get none', () => {
    const positives = readLines<Positive>('positives.jsonl').map((row) => row.domain)
    const asked = [...positives, ...negatives.map((row) => row.domain)]
    const answers = new Set(asked.flatMap((domain) => knowingNothing.suggestDomain(domain) ?? []))
    expect([...answers].filter((domain) => knowingNothing.suggestDomain(domain) !== null)).toEqual([])
  })

  test.each(['de', 'fr', 'it', 'pt-BR', 'en-GB', 'ru'])(
    'the locale %s repairs no fewer typos of its countries, and raises no false alarm',
    (locale) => {
      const countries = countriesOf(locale)
      const home = TARGETS.filter(({ country }) => countries.includes(country ?? '')).map((t) => t.domain)
      const rows = readLines<Positive>('positives.jsonl').filter((row) => home.includes(row.intended))
      const right = (asked: Asked) =>
        rows.filter((row) => suggestDomain(row.domain, asked) === row.intended).length
      expect(right({ locale })).toBeGreaterThanOrEqual(right({}))
      const alarms = negatives.filter((row) => knowingNothing.suggestDomain(row.domain, { locale }) !== null)
      expect(alarms.filter((row) => knowingNothing.suggestDomain(row.domain) === null)).toEqual([])
    },
  )
})
