import { existsSync, readFileSync } from 'node:fs'
import mailcheck from 'mailcheck'
import { KNOWN_REAL } from '../src/core/suggestion/known-real.ts'
import { TARGETS } from '../src/core/suggestion/target-list.ts'
import { suggestDomain } from '../src/core/suggestion.ts'

const CORPORA = new URL('../../shared/corpora/typos/', import.meta.url)

type Positive = { domain: string; intended: string; also: string[]; class: string }
type Negative = { domain: string; class: string; rank?: number }
type Suggest = (domain: string) => string | null

/** Quality and speed of the suggestion on the corpus of typos, beside mailcheck with its own defaults. */
export async function run(): Promise<object> {
  if (!existsSync(CORPORA)) {
    console.error(`No corpora at ${CORPORA.pathname}: put the folder there to measure the suggestion.`)
    return { bench: 'suggestion', skipped: 'the folder ../shared/corpora is absent' }
  }
  const positives = readLines<Positive>('positives.jsonl')
  const negatives = readLines<Negative>('negatives.jsonl')
  const nothingKnown: ReadonlySet<string> = new Set()
  const libraries: [string, Suggest][] = [
    ['ayes', (domain) => suggestDomain(domain)],
    ['ayes, known set empty', (domain) => suggestDomain(domain, { known: nothingKnown })],
    ['mailcheck 1.1.1', plainMailcheck],
  ]
  const rows = libraries.map(([library, suggest]) => ({
    library,
    ...quality(suggest, positives, negatives),
    ...speed(suggest, positives, negatives),
  }))
  console.error(tableOf(rows))
  return { bench: 'suggestion', targets: TARGETS.length, known: KNOWN_REAL.size, rows }
}

function quality(suggest: Suggest, positives: Positive[], negatives: Negative[]): Record<string, number> {
  const listed = positives.filter((row) => row.class === 'listed')
  const made = positives.filter((row) => row.class !== 'listed')
  const top = negatives
    .filter((row) => row.rank !== undefined)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
    .slice(0, 1000)
  const right = (row: Positive) => {
    const answer = suggest(row.domain)
    return answer !== null && (answer === row.intended || row.also.includes(answer))
  }
  const accused = (row: Negative) => suggest(row.domain) !== null
  const answered = listed.filter((row) => suggest(row.domain) !== null)
  const answers = [...positives, ...negatives].flatMap((row) => suggest(row.domain) ?? [])
  return {
    listedRight: share(listed.filter(right).length, listed.length),
    listedWrong: share(answered.filter((row) => !right(row)).length, listed.length),
    madeRight: share(made.filter(right).length, made.length),
    falseAlarms: share(negatives.filter(accused).length, negatives.length),
    falseAlarmsTop: share(top.filter(accused).length, top.length),
    unstable: answers.filter((domain) => suggest(domain) !== null).length,
  }
}

/** Nanoseconds a call, over the realistic mix: 94 % known providers, 3 % unknown domains, 3 % typos. */
function speed(suggest: Suggest, positives: Positive[], negatives: Negative[]): Record<string, number> {
  const providers = TARGETS.slice(0, 40).map((target) => target.domain)
  const unknown = negatives.filter((row) => row.class === 'university').map((row) => row.domain)
  const typos = positives.filter((row) => row.class === 'listed').map((row) => row.domain)
  const mix = Array.from({ length: 10_000 }, (_, i) =>
    pick(i % 100 < 94 ? providers : i % 100 < 97 ? unknown : typos, i),
  )
  return {
    knownNs: nanoseconds(suggest, providers, 100_000),
    typoNs: nanoseconds(suggest, typos, 20_000),
    unknownNs: nanoseconds(suggest, unknown, 20_000),
    mixNs: nanoseconds(suggest, mix, 100_000),
  }
}

function nanoseconds(suggest: Suggest, domains: string[], calls: number): number {
  for (let i = 0; i < calls / 5; i += 1) suggest(pick(domains, i))
  const start = process.hrtime.bigint()
  for (let i = 0; i < calls; i += 1) suggest(pick(domains, i))
  return Math.round(Number(process.hrtime.bigint() - start) / calls)
}

function pick(domains: string[], index: number): string {
  return domains[(index * 7919) % domains.length] ?? ''
}

function plainMailcheck(domain: string): string | null {
  const result = mailcheck.run({ email: `john@${domain}` })
  return result ? result.domain : null
}

function readLines<Row>(name: string): Row[] {
  const text = readFileSync(new URL(name, CORPORA), 'utf8')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line): Row => JSON.parse(line))
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 100_000) / 100_000
}

function tableOf(rows: Record<string, string | number>[]): string {
  const names = Object.keys(rows[0] ?? {})
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name])))]
  return lines
    .map((cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(24) : cell.padStart(15))).join(''))
    .join('\n')
}
