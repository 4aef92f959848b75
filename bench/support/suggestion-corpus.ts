// The corpus of typos, and how a library does on it.
import { existsSync, readFileSync } from 'node:fs'
import type { Suggest } from './typo-libraries.ts'

export const CORPUS = new URL('../../../shared/corpora/typos/', import.meta.url)

type Positive = { domain: string; intended: string; also: string[]; class: string }
type Negative = { domain: string; class: string; rank?: number }

export type Corpus = {
  readonly listed: readonly Positive[]
  readonly made: readonly Positive[]
  readonly negatives: readonly Negative[]
  /** The 1,000 most used mail domains. */
  readonly top: readonly Negative[]
}

export function readCorpus(): Corpus | null {
  if (!existsSync(CORPUS)) return null
  const positives = readLines<Positive>('positives.jsonl')
  const negatives = readLines<Negative>('negatives.jsonl')
  return {
    listed: positives.filter((row) => row.class === 'listed'),
    made: positives.filter((row) => row.class !== 'listed'),
    negatives,
    top: negatives
      .filter((row) => row.rank !== undefined)
      .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
      .slice(0, 1000),
  }
}

function readLines<Row>(name: string): Row[] {
  const text = readFileSync(new URL(name, CORPUS), 'utf8')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line): Row => JSON.parse(line))
}

export type Quality = {
  listedRight: number
  listedWrong: number
  madeRight: number
  falseAlarms: number
  falseAlarmsTop: number
  /** Answers that would get an answer themselves. */
  unstable: number
}

export function qualityOf(suggest: Suggest, corpus: Corpus): Quality {
  const known = new Map<string, string | null>()
  function answer(domain: string): string | null {
    const found = known.get(domain)
    if (found !== undefined) return found
    const made = suggest(domain)
    known.set(domain, made)
    return made
  }
  const isRight = (row: Positive) => [row.intended, ...row.also].includes(answer(row.domain) ?? '')
  const isAnswered = (row: { domain: string }) => answer(row.domain) !== null
  const { listed, made, negatives, top } = corpus
  const quality = {
    listedRight: share(listed.filter(isRight).length, listed.length),
    listedWrong: share(listed.filter((row) => isAnswered(row) && !isRight(row)).length, listed.length),
    madeRight: share(made.filter(isRight).length, made.length),
    falseAlarms: share(negatives.filter(isAnswered).length, negatives.length),
    falseAlarmsTop: share(top.filter(isAnswered).length, top.length),
  }
  const answers = new Set([...known.values()].filter((domain) => domain !== null))
  return { ...quality, unstable: [...answers].filter((domain) => answer(domain) !== null).length }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 100_000) / 100_000
}
