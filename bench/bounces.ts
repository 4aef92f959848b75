import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readReport } from '../src/core/bounce/read-report.ts'
import { measureHostile } from './support/hostile.ts'
import { measureWebhooks } from './support/webhooks.ts'

const corpus = fileURLToPath(new URL('../../shared/corpora/bounces/', import.meta.url))

type Row = { file: string; label: string; scored: boolean; cluster: string }
type Sample = { row: Row; raw: Buffer }
type Gate = { precision: number; recall: number }

/** What is asked of a category; `policy-or-spam` and `other-permanent` count as one. */
const gates: Record<string, Gate> = {
  'mailbox-does-not-exist': { precision: 0.99, recall: 0.95 },
  'not-a-bounce': { precision: 0, recall: 0.98 },
  'mailbox-full': { precision: 0.85, recall: 0.8 },
  'mailbox-disabled': { precision: 0.85, recall: 0.8 },
  'domain-problem': { precision: 0.85, recall: 0.8 },
  temporary: { precision: 0.85, recall: 0.8 },
  'policy-or-spam, other-permanent': { precision: 0.85, recall: 0.8 },
}

/** Measures the verdict on the corpus of real bounce mail beside the project; says so where it is not there. */
export async function run(): Promise<object> {
  if (!existsSync(`${corpus}manifest.jsonl`)) {
    const missing = `no corpus at ${corpus}: nothing was measured`
    console.log(missing)
    return { bench: 'bounces', skipped: missing, webhooks: measureWebhooks(corpus) }
  }
  const samples = readSamples().filter(({ row }) => row.scored)
  const answers: { want: string; got: string; cluster: string }[] = []
  for (const { row, raw } of samples) {
    answers.push({ want: merged(row.label), got: await answer(raw), cluster: row.cluster })
  }
  const byMessage = score(answers, () => 1)
  const sizes = new Map<string, number>()
  for (const { cluster } of answers) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1)
  const byCluster = score(answers, (cluster) => 1 / (sizes.get(cluster) ?? 1))
  print(byMessage, byCluster)
  const falselyDead = answers.filter(
    ({ want, got }) => want === 'not-a-bounce' && got === 'mailbox-does-not-exist',
  )
  const result = {
    bench: 'bounces',
    messages: answers.length,
    clusters: sizes.size,
    byMessage,
    byCluster,
    ordinaryMailTakenForDeadMailbox: falselyDead.length,
    differByLineEnds: await countLineEndDifferences(samples),
    messagesPerSecond: await throughput(samples),
    gatesMet: gatesMet(byMessage) && gatesMet(byCluster) && falselyDead.length === 0,
  }
  console.log(`${result.messagesPerSecond} messages a second on one core (gate 3000)`)
  console.log(`${result.differByLineEnds} messages answered otherwise with CRLF or lone CR (gate 0)`)
  const hostile = await measureHostile(samples.map(({ row, raw }) => [row.file, raw]))
  return { ...result, hostile, webhooks: measureWebhooks(corpus) }
}

function readSamples(): Sample[] {
  const lines = readFileSync(`${corpus}manifest.jsonl`, 'utf8').trim().split('\n')
  return lines.map((line) => {
    const row: Row = JSON.parse(line)
    return { row, raw: readFileSync(corpus + row.file) }
  })
}

async function answer(raw: Uint8Array): Promise<string> {
  const report = await readReport(raw)
  return report.isBounce ? merged(report.category ?? 'none') : 'not-a-bounce'
}

function merged(label: string): string {
  return label === 'policy-or-spam' || label === 'other-permanent' ? 'policy-or-spam, other-permanent' : label
}

type Score = Gate & { messages: number }

function score(
  answers: { want: string; got: string; cluster: string }[],
  weigh: (cluster: string) => number,
) {
  const scores: Record<string, Score> = {}
  for (const category of Object.keys(gates)) {
    let right = 0
    let wanted = 0
    let given = 0
    let messages = 0
    for (const { want, got, cluster } of answers) {
      const weight = weigh(cluster)
      if (want === category) {
        wanted += weight
        messages += 1
      }
      if (got === category) given += weight
      if (want === category && got === category) right += weight
    }
    scores[category] = {
      precision: round(right / (given || 1)),
      recall: round(right / (wanted || 1)),
      messages,
    }
  }
  return scores
}

function gatesMet(scores: Record<string, Score>): boolean {
  return Object.entries(gates).every(([category, gate]) => {
    const reached = scores[category]
    return reached !== undefined && reached.precision >= gate.precision && reached.recall >= gate.recall
  })
}

function print(byMessage: Record<string, Score>, byCluster: Record<string, Score>): void {
  console.log('category                          messages   precision / recall   by cluster          gate')
  for (const [category, gate] of Object.entries(gates)) {
    const one = byMessage[category]
    const all = byCluster[category]
    const cells = [one, all].map((at) => `${at?.precision.toFixed(3)} / ${at?.recall.toFixed(3)}`.padEnd(19))
    const asked = `${gate.precision} / ${gate.recall}`
    console.log(`${category.padEnd(34)}${String(one?.messages).padEnd(11)}${cells.join('  ')}  ${asked}`)
  }
}

async function countLineEndDifferences(samples: Sample[]): Promise<number> {
  let different = 0
  for (const { raw } of samples) {
    const lf = raw.toString('latin1').replace(/\r\n?/g, '\n')
    const answers = await Promise.all(
      ['\n', '\r\n', '\r'].map(async (end) => {
        return JSON.stringify(await readReport(Buffer.from(lf.replaceAll('\n', end), 'latin1')))
      }),
    )
    if (new Set(answers).size > 1) different += 1
  }
  return different
}

/** Warm rate over the corpus, whose messages are 3.7 KB on average. */
async function throughput(samples: Sample[]): Promise<number> {
  const rounds = 5
  const start = performance.now()
  for (let round = 0; round < rounds; round += 1) for (const { raw } of samples) await readReport(raw)
  return Math.round((rounds * samples.length * 1000) / (performance.now() - start))
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
