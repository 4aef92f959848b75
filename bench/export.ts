// The export over HTTP against psql's \copy of the same rows on the same server: rate, memory of the service at its
// peak, a slow reader, and readers that go away.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { openKeyRing } from '../src/core/keys.ts'
import { readLinkToken } from '../src/core/tokens.ts'
import { insertSubscribers } from '../test/support/many-subscribers.ts'
import { type BenchDatabase, startBenchServer } from './support/bench-server.ts'
import { cpuSeconds, cpuSecondsOfFamily } from './support/cpu-time.ts'
import { readOptions } from './support/options.ts'
import { findProgram, runProgram } from './support/programs.ts'
import { startServiceProcess } from './support/service-process.ts'

const gate = { timesPsql: 0.5, peakMb: 200 }
const adminToken = 'admin-token-of-the-export-benchmark'
const secretKey = 'secret-key-of-the-export-benchmark'
const ring = openKeyRing(secretKey)
const megabyte = 1024 * 1024
/** As many as the service runs at once. */
const leaversAtOnce = 4

export async function run(given: readonly string[] = []): Promise<object> {
  const { rows, rounds } = readOptions(given, { rows: 1_000_000, rounds: 3 })
  const lacks: string[] = []
  const psql = await findProgram('psql', lacks)
  const server = await startBenchServer()
  const database = await server.makeDatabase()
  const settings = {
    DATABASE_URL: database.url,
    ROLES: 'http',
    ADMIN_TOKEN: adminToken,
    SECRET_KEY: secretKey,
  }
  const service = await startServiceProcess(settings)
  const url = `${service.url}/api/lists/default/subscribers`
  try {
    say(`${rows} subscribers are written`)
    await insertSubscribers(database.query, { count: rows, keyId: ring.current.id })
    const startMb = peakMb(service.pid)
    await prove(url, Math.min(rows, 1_000_000))
    const own: number[] = []
    const peer: number[] = []
    let bytes = 0
    let used: number[] = []
    const cpu = () => [
      cpuSeconds(service.pid) ?? 0,
      cpuSecondsOfFamily(server.pid) ?? 0,
      process.cpuUsage().user / 1e6,
    ]
    for (let round = 0; round < rounds; round++) {
      if (psql !== null) peer.push(await timed(() => copyOut(psql, database)))
      const before = cpu()
      own.push(
        await timed(async () => {
          bytes = await readAll(url)
        }),
      )
      used = cpu().map((seconds, n) => round2(seconds - (before[n] ?? 0)))
      say(`round ${round + 1}: psql ${peer.at(-1)?.toFixed(2) ?? '-'} s, export ${own.at(-1)?.toFixed(2)} s`)
    }
    const exportMb = peakMb(service.pid)
    const slowSeconds = await timed(() => readAll(url, { pauseMs: 25 }))
    const slowMb = peakMb(service.pid)
    const leavers = await leave(url, database)
    const ndjsonSeconds = await timed(() => readAll(`${url}?format=ndjson`))
    const timesPsql = peer.length === 0 ? null : round2(median(peer) / median(own))
    const mostMb = peakMb(service.pid)
    const isSmall = mostMb === null || mostMb < gate.peakMb
    return {
      bench: 'export',
      postgres: { version: server.version, fsync: server.fsync },
      rows,
      megabytes: Math.round(bytes / megabyte),
      seconds: round2(median(own)),
      rowsPerSecond: Math.round(rows / median(own)),
      psql: peer.length === 0 ? null : { seconds: round2(median(peer)), command: psqlCommand },
      cpuSeconds: { service: used[0], postgres: used[1], reader: used[2] },
      ndjsonSeconds: round2(ndjsonSeconds),
      slowReaderSeconds: round2(slowSeconds),
      leavers,
      peakMb: { start: startMb, export: exportMb, slowReader: slowMb, all: mostMb },
      gate: {
        ...gate,
        reached: timesPsql === null ? null : timesPsql >= gate.timesPsql && isSmall,
        timesPsql,
      },
      lacks,
    }
  } finally {
    await service.stop()
    await server.close()
  }
}

const select =
  `select email, signed_up_at, confirmed_at, source, locale, consent, consent_as_posted, signup_client,
  confirm_client, attributes from subscribers where list_id = 1`.replaceAll(/\s+/g, ' ')
const psqlCommand = `psql -c "\\copy (${select}) to /dev/null csv header"`

async function copyOut(psql: string, database: BenchDatabase): Promise<void> {
  await runProgram(psql, ['-X', '-q', database.url, '-c', `\\copy (${select}) to /dev/null csv header`])
}

async function open(url: string): Promise<http.IncomingMessage> {
  const request = http.get(url, { headers: { authorization: `Bearer ${adminToken}` }, agent: false })
  const [answer] = await once(request, 'response')
  request.on('error', () => {})
  if (answer.statusCode !== 200) throw new Error(`the export answered ${answer.statusCode}`)
  return answer
}

/** The bytes of a whole answer; a slow reader rests after each megabyte. */
async function readAll(url: string, { pauseMs = 0 } = {}): Promise<number> {
  const answer = await open(url)
  let bytes = 0
  let rested = 0
  for await (const chunk of answer) {
    bytes += chunk.length
    if (pauseMs > 0 && bytes - rested > megabyte) {
      rested = bytes
      await pause(pauseMs)
    }
  }
  if (!answer.complete) throw new Error('the export broke off')
  return bytes
}

/** Before anything is measured: every row is there, and its link is one that the service would take. */
async function prove(url: string, rows: number): Promise<void> {
  const answer = await open(url)
  answer.setEncoding('utf8')
  let rest = ''
  let seen = -1
  for await (const chunk of answer) {
    const lines = `${rest}${chunk}`.split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const isSample = ++seen % 1000 === 1
      const token = isSample ? /\/unsubscribe\/([\w-]{43}),/.exec(line)?.[1] : null
      if (isSample && readLinkToken(ring, 'unsubscribe', token ?? '') === null) {
        throw new Error(`no genuine link stands in ${line}`)
      }
    }
  }
  if (seen !== rows || rest !== '') throw new Error(`${seen} rows came and not ${rows}`)
}

/** Readers that go away after their first bytes leave no statement behind. */
async function leave(url: string, database: BenchDatabase) {
  const batches = 5
  for (let batch = 0; batch < batches; batch++) {
    const answers = await Promise.all(Array.from({ length: leaversAtOnce }, () => open(url)))
    for (const answer of answers) {
      await once(answer, 'readable')
      answer.destroy()
    }
    const deadline = performance.now() + 10_000
    while ((await exporting(database)) > 0) {
      if (performance.now() > deadline) throw new Error('a statement outlived its reader by ten seconds')
      await pause(20)
    }
  }
  return { readers: batches * leaversAtOnce, statementsLeft: await exporting(database) }
}

async function exporting(database: BenchDatabase): Promise<number> {
  const [row] = await database.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity where application_name = 'ayes export'`,
  )
  return row?.n ?? 0
}

/** The most memory that the process has had resident; null where there is no /proc. */
function peakMb(pid: number): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024)
  } catch {
    return null
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

const round2 = (value: number) => Math.round(value * 100) / 100

function say(words: string): void {
  console.error(words)
}
