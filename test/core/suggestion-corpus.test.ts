import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { suggestDomain } from '../../src/core/suggestion.ts'

const CORPORA = new URL('../../../shared/corpora/typos/', import.meta.url)
const present = existsSync(CORPORA)
if (!present) console.warn('The corpus of typos is absent (../shared/corpora/typos): its tests are skipped.')

type Positive = { domain: string; intended: string; also: string[]; class: string }
type Negative = { domain: string; rank?: number }

function readLines<Row>(name: string): Row[] {
  const lines = readFileSync(new URL(name, CORPORA), 'utf8').split('\n').filter(Boolean)
  return lines.map((line): Row => JSON.parse(line))
}

const nothing: ReadonlySet<string> = new Set()

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

  test('real domains are left alone, even with nothing known about them', () => {
    const negatives = readLines<Negative>('negatives.jsonl')
    const accused = negatives.filter((row) => suggestDomain(row.domain, { known: nothing }) !== null)
    expect(accused.length / negatives.length).toBeLessThanOrEqual(0.001)
    const ranked = negatives.filter((row) => row.rank !== undefined)
    const top = ranked.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0)).slice(0, 1000)
    expect(top.filter((row) => accused.includes(row)).length).toBeLessThanOrEqual(3)
  })
})
