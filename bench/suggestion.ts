// Quality and speed of the suggestion on the corpus of typos, beside the libraries of the registry in the same process.
//   npm run bench -- suggestion [--svg FILE]
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { KNOWN_REAL } from '../src/core/suggestion/known-real.ts'
import { TARGETS } from '../src/core/suggestion/target-list.ts'
import { makeSuggester, suggestDomain } from '../src/core/suggestion.ts'
import { WrongUsage } from './support/options.ts'
import { CORPUS, type Corpus, type Quality, qualityOf, readCorpus } from './support/suggestion-corpus.ts'
import { suggestionPicture } from './support/suggestion-picture.ts'
import { type Suggest, TYPO_LIBRARIES } from './support/typo-libraries.ts'

type Speed = { knownNs: number; typoNs: number; unknownNs: number; mixNs: number }
type Row = { library: string } & Quality & Speed

const OURS = 'Ayes'

export async function run(options: readonly string[]): Promise<object> {
  const svg = readSvgOption(options)
  const corpus = readCorpus()
  if (corpus === null) {
    console.error(`No corpora at ${CORPUS.pathname}: put the folder there to measure the suggestion.`)
    return { bench: 'suggestion', skipped: 'the folder ../shared/corpora is absent' }
  }
  const knowingNothing = makeSuggester({ known: new Set() })
  const libraries: [string, Suggest][] = [
    [OURS, (domain) => suggestDomain(domain)],
    [`${OURS}, known set empty`, (domain) => knowingNothing.suggestDomain(domain)],
    ...TYPO_LIBRARIES,
  ]
  const quality = libraries.map(([, suggest]) => qualityOf(suggest, corpus))
  const speed = measureSpeed(
    libraries.map(([, suggest]) => suggest),
    corpus,
  )
  const rows = libraries.flatMap(([library], i): Row[] => {
    const [q, s] = [quality[i], speed[i]]
    return q && s ? [{ library, ...q, ...s }] : []
  })
  console.error(tableOf(rows))
  if (svg !== null) writeFileSync(svg, pictureOf(rows, corpus))
  const load = measureLoad()
  const timesMailcheck = ratiosOf(rows)
  return { bench: 'suggestion', targets: TARGETS.length, known: KNOWN_REAL.size, load, timesMailcheck, rows }
}

function readSvgOption(options: readonly string[]): string | null {
  try {
    const { values } = parseArgs({ args: [...options], options: { svg: { type: 'string' } }, strict: true })
    return values.svg ?? null
  } catch (error) {
    throw new WrongUsage(`${error instanceof Error ? error.message : ''}\nOptions: --svg FILE`)
  }
}

/** The realistic mix: 94 % known providers, 3 % unknown domains, 3 % typos. */
function measureSpeed(libraries: readonly Suggest[], corpus: Corpus): Speed[] {
  const providers = TARGETS.slice(0, 40).map((target) => target.domain)
  const unknown = corpus.negatives.filter((row) => row.class === 'university').map((row) => row.domain)
  const typos = corpus.listed.map((row) => row.domain)
  const mix = Array.from({ length: 10_000 }, (_, i) =>
    pick(i % 100 < 94 ? providers : i % 100 < 97 ? unknown : typos, i),
  )
  const [knownNs, typoNs, unknownNs, mixNs] = [providers, typos, unknown, mix].map((domains) =>
    fastestOf(libraries, domains),
  )
  return libraries.map((_, i) => ({
    knownNs: knownNs?.[i] ?? 0,
    typoNs: typoNs?.[i] ?? 0,
    unknownNs: unknownNs?.[i] ?? 0,
    mixNs: mixNs?.[i] ?? 0,
  }))
}

/** Nanoseconds a call. Turn by turn, and the best of each, so that a busy machine treats all of them alike. */
function fastestOf(libraries: readonly Suggest[], domains: readonly string[]): number[] {
  const best = libraries.map(() => Infinity)
  for (let round = 0; round < 6; round += 1) {
    libraries.forEach((suggest, i) => {
      best[i] = Math.min(best[i] ?? Infinity, nanoseconds(suggest, domains))
    })
  }
  return best.map((ns) => Math.round(ns))
}

const TURN_NS = 60_000_000n

function nanoseconds(suggest: Suggest, domains: readonly string[]): number {
  const start = process.hrtime.bigint()
  let calls = 0
  let spent = 0n
  while (spent < TURN_NS) {
    for (let i = 0; i < 500; i += 1) suggest(pick(domains, calls + i))
    calls += 500
    spent = process.hrtime.bigint() - start
  }
  return Number(spent) / calls
}

function pick(domains: readonly string[], index: number): string {
  return domains[(index * 7919) % domains.length] ?? ''
}

/** In a process of its own, three times: the quickest load, and the largest memory. */
function measureLoad(): { loadMs: number; firstMs: number; memoryMb: number } {
  const file = fileURLToPath(new URL('support/suggestion-load.ts', import.meta.url))
  const runs = [1, 2, 3].map((): { loadMs: number; firstMs: number; memoryMb: number } =>
    JSON.parse(execFileSync(process.execPath, ['--expose-gc', file], { encoding: 'utf8' })),
  )
  return {
    loadMs: Math.min(...runs.map((run) => run.loadMs)),
    firstMs: Math.min(...runs.map((run) => run.firstMs)),
    memoryMb: Math.max(...runs.map((run) => run.memoryMb)),
  }
}

function ratiosOf(rows: readonly Row[]): Record<string, number> {
  const [ours, mailcheck] = ['Ayes', 'mailcheck 1.1.1'].map((name) =>
    rows.find((row) => row.library === name),
  )
  const ratio = (key: keyof Speed) => Math.round(((ours?.[key] ?? 0) / (mailcheck?.[key] ?? 1)) * 1000) / 1000
  return { known: ratio('knownNs'), typo: ratio('typoNs'), unknown: ratio('unknownNs'), mix: ratio('mixNs') }
}

function pictureOf(rows: readonly Row[], { listed, negatives }: Corpus): string {
  const shown = rows
    .filter((row) => row.library !== 'email-misspelled 4.4, top100')
    .map((row) => ({
      ...row,
      library: shortName(row.library),
      isOurs: row.library.startsWith(OURS),
    }))
  return suggestionPicture(shown, [
    `${listed.length} typos from real signups and public lists, ${negatives.length.toLocaleString('en')} real domains;`,
    'Ayes was tuned on them. Knowing none: without its real names.',
    'Each library with its own defaults. npm run bench -- suggestion',
  ])
}

/** As much of it as stands before the bars. */
function shortName(library: string): string {
  return library
    .replace(/^@[^/]*\//, '')
    .replace(/ [\d.]+/, '')
    .replace(/, known set empty$/, ', knowing none')
    .replace(/, all$/, '')
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ library, ...figures }) => [library, ...Object.values(figures).map(String)])
  const heads = Object.keys(rows[0] ?? {})
  return [heads, ...lines]
    .map((cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(38) : cell.padStart(15))).join(''))
    .join('\n')
}
