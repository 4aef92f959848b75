// What open event streams cost: memory, processor and statements while nothing happens, and the time from a letter's
// change to its event; against node:http holding as many streams and doing nothing else, in the same run.
import { availableParallelism } from 'node:os'
import { type BenchDatabase, type BenchServer, startBenchServer } from './support/bench-server.ts'
import { cpuSecondsOfFamily } from './support/cpu-time.ts'
import { mostOpenFiles } from './support/open-files.ts'
import { readOptions, WrongUsage } from './support/options.ts'
import { askReaders } from './support/reader-tasks.ts'
import { startServiceProcess } from './support/service-process.ts'
import { measureChanges, measureEmits } from './support/stream-changes.ts'
import { closeAll, type OpenFigures, openAll, round } from './support/stream-figures.ts'
import { tidyFlags } from './support/tidy-memory.ts'
import { startWorker } from './support/worker.ts'

/** One heartbeat of every stream falls into this. */
const usualSeconds = 20
/** The service gives half of what it may open to streams. */
const filesForAStream = 2
const bounceToken = 'bounce-token-of-the-benchmark'

export async function run(given: readonly string[] = []): Promise<object> {
  const { streams, seconds } = readOptions(given, { streams: 5_000, seconds: usualSeconds })
  const openFiles = mostOpenFiles()
  const needed = streams * filesForAStream
  if (openFiles !== null && openFiles < needed) {
    throw new WrongUsage(
      `${streams} streams need ${needed} open files in one process, and this shell allows ${openFiles}: ` +
        `raise it with \`ulimit -n ${needed}\`, or ask for fewer with --streams N`,
    )
  }
  const server = await startBenchServer()
  const database = await server.makeDatabase()
  try {
    // Nothing of the bare server depends on how busy the machine is but the time that a change takes.
    const bareServer = await openBare(streams, seconds)
    const handles = await signUp(database, streams)
    const ayes = await measureService({ server, database, handles, seconds })
    const bareNode = await bareServer.measure()
    const ratio = (of: (one: OpenFigures) => number | null) => over(of(ayes), of(bareNode))
    return {
      bench: 'streams',
      streams,
      seconds,
      openFiles: { needed, allowed: openFiles },
      processors: availableParallelism(),
      postgres: { version: server.version, fsync: server.fsync },
      ayes,
      bareNode,
      timesBare: {
        residentPerStream: ratio((one) => one.memory.kilobytesPerStream.resident),
        heldPerStream: ratio((one) => one.memory.kilobytesPerStream.held),
        idlePercentOfACore: ratio((one) => one.idle.percentOfACore.process),
      },
    }
  } finally {
    await server.close()
  }
}

/** By a process that ends before another is measured; its letters stay queued. */
async function signUp(database: BenchDatabase, count: number): Promise<string[]> {
  const service = await startServiceProcess({
    DATABASE_URL: database.url,
    ROLES: 'http',
    TRUST_PROXY: '1',
    DNS_CHECK: 'off',
    // thousands in some seconds are a burst
    PROOF_OF_WORK: 'off',
  })
  const readers = startWorker('stream-readers.ts')
  try {
    const { handles } = await askReaders<{ handles: string[] }>(readers, {
      what: 'sign-up',
      url: service.url ?? '',
      count,
    })
    say(`${handles.length} signups`)
    return handles
  } finally {
    await readers.stop()
    await service.stop()
  }
}

type Setup = { server: BenchServer; database: BenchDatabase; handles: string[]; seconds: number }

async function measureService({ server, database, handles, seconds }: Setup) {
  const sink = startWorker('smtp-sink.ts')
  const { port } = await sink.ask<{ port: number }>({ what: 'listen' })
  const settings = {
    DATABASE_URL: database.url,
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    MAIL_FROM: 'Bench <bench@example.com>',
    BOUNCE_ADDRESS: 'bounces@example.com',
    BOUNCE_TOKEN: bounceToken,
    PUBLIC_URL: 'http://localhost:3000',
    DNS_CHECK: 'off',
    TRUST_PROXY: '1',
  }
  const service = await startServiceProcess({ ...settings, ROLES: 'http' }, tidyFlags)
  const url = service.url ?? ''
  const readers = startWorker('stream-readers.ts')
  try {
    const opened = await openAll({
      ...{ pid: service.pid, url: `${url}/signups`, readers, names: handles, seconds },
      statements: () => statementsOf(database),
      postgres: () => cpuSecondsOfFamily(server.pid),
    })
    say(JSON.stringify(opened))
    const sender = await startServiceProcess({ ...settings, ROLES: 'send' })
    const changes = await measureChanges({ readers, sink, url, handles, bounceToken })
    await sender.stop()
    const closed = await closeAll(service.pid, readers)
    return { ...opened, memory: { ...opened.memory, ...closed }, changes }
  } finally {
    await readers.stop()
    await service.stop()
    await sink.stop()
  }
}

/** Opens its streams at once, and is idle while the service is measured. */
async function openBare(streams: number, seconds: number) {
  const bare = startWorker('bare-streams.ts', tidyFlags)
  const { url } = await bare.ask<{ url: string }>({})
  const readers = startWorker('stream-readers.ts')
  const names = Array.from({ length: streams }, (_, n) => `stream-${n}`)
  const opening = openAll({ pid: bare.pid, url, readers, names, seconds })
  return {
    async measure() {
      const opened = await opening
      const changes = await measureEmits(readers, url, names)
      const closed = await closeAll(bare.pid, readers)
      await readers.stop()
      await bare.stop()
      return { ...opened, memory: { ...opened.memory, ...closed }, changes }
    },
  }
}

/** Every statement of ours is a transaction of its own here; those of the benchmark itself are among them. */
async function statementsOf(database: BenchDatabase): Promise<number> {
  const [row] = await database.query<{ n: number }>(
    `select (xact_commit + xact_rollback)::int as n from pg_stat_database where datname = current_database()`,
  )
  return row?.n ?? 0
}

function over(one: number | null, other: number | null): number | null {
  return one === null || other === null || other === 0 ? null : round(one / other, 2)
}

function say(words: string): void {
  console.error(words)
}
