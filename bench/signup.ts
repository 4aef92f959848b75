// Signups a second over HTTP with every check, limit and event in the path, against pgbench on the same server.
import { availableParallelism } from 'node:os'
import { type BenchDatabase, startBenchServer } from './support/bench-server.ts'
import { cpuSeconds, cpuSecondsOfFamily, cpuSecondsOfMachine } from './support/cpu-time.ts'
import { type LoadGenerator, openLoadGenerator } from './support/load-generator.ts'
import { readOptions } from './support/options.ts'
import { openPgbench, type Pgbench, type PgbenchFigures } from './support/pgbench.ts'
import { findProgram } from './support/programs.ts'
import { type ServiceProcess, startServiceProcess } from './support/service-process.ts'
import { startWorker } from './support/worker.ts'

const levels = [1, 4, 16, 64]
const gate = { timesPgbench: 1.5, p99: 20 }
/** The rate of a burst is far off, and looked at for each signup all the same. */
const noBurst = { PROOF_OF_WORK: 'auto:1000000/1s' }

export async function run(given: readonly string[] = []): Promise<object> {
  const { seconds } = readOptions(given, { seconds: 6 })
  const lacks: string[] = []
  const pgbenchPath = await findProgram('pgbench', lacks)
  const generator = await openLoadGenerator(lacks)
  const ceiling = Math.round(await generator.ceiling(64, Math.min(3, seconds)))
  say(`${generator.name}: ${ceiling} requests a second of a server that does nothing (64 connections)`)
  const server = await startBenchServer()
  try {
    const pgbench = pgbenchPath === null ? null : openPgbench(pgbenchPath, server)
    const alone = await measure({ generator, server, seconds, pgbench })
    const sending = await measureWhileSending({ generator, server, seconds })
    const best = alone.levels.at(-1)
    const timesPgbench =
      alone.pgbench === null ? null : round((best?.perSecond ?? 0) / alone.pgbench.perSecond, 2)
    return {
      bench: 'signup',
      postgres: { version: server.version, fsync: server.fsync },
      processors: availableParallelism(),
      generator: { name: generator.name, ceilingPerSecond: ceiling },
      ...alone,
      whileSending: sending,
      gate: {
        ...gate,
        reached:
          timesPgbench === null ? null : timesPgbench >= gate.timesPgbench && (best?.p99 ?? 0) < gate.p99,
        measured: { timesPgbench, p99: best?.p99, p99OfPgbench: alone.pgbench?.crowded?.p99 ?? null },
      },
      lacks,
    }
  } finally {
    await generator.close()
    await server.close()
  }
}

type Setup = {
  generator: LoadGenerator
  server: Awaited<ReturnType<typeof startBenchServer>>
  seconds: number
}

/** The service answers HTTP and its letters stay queued: another process would send them (ROLES). */
async function measure(setup: Setup & { pgbench: Pgbench | null }) {
  const { server, pgbench, seconds } = setup
  const database = await server.makeDatabase()
  const service = await startServiceProcess({
    DATABASE_URL: database.url,
    ROLES: 'http',
    TRUST_PROXY: '1',
    ...noBurst,
  })
  const peerRuns: PgbenchFigures[] = []
  const runPeer = async () => {
    if (pgbench === null) return
    const figures = await pgbench.run(database, seconds)
    say(`pgbench ${JSON.stringify(figures)}`)
    peerRuns.push(figures)
  }
  try {
    const load = loader(setup, service)
    // as long as V8 makes faster code of what runs often: a service that is up has that behind it
    say('warming up')
    await load(64, 3 * seconds)
    // Before and after: what a busy machine does to one of them it does to both.
    await runPeer()
    const measured = []
    for (const connections of levels) measured.push(await load(connections, seconds))
    await runPeer()
    // What a plain transaction's slowest hundredth takes on this machine with as many at once.
    const crowded = pgbench === null ? null : await pgbench.run(database, seconds, levels.at(-1))
    say(`pgbench ${JSON.stringify(crowded)}`)
    const mean = (read: (one: PgbenchFigures) => number) =>
      peerRuns.reduce((sum, one) => sum + read(one), 0) / peerRuns.length
    return {
      levels: measured,
      pgbench: pgbench && {
        command: pgbench.command,
        perSecond: Math.round(mean((one) => one.perSecond)),
        meanMs: round(
          mean((one) => one.meanMs),
          2,
        ),
        runs: peerRuns,
        crowded,
      },
      rows: await checkRows(database, service),
    }
  } finally {
    await service.stop()
  }
}

/** One process does everything: it answers, and sends every letter to a sink on this machine. */
async function measureWhileSending(setup: Setup) {
  const database = await setup.server.makeDatabase()
  const sink = startWorker('smtp-sink.ts')
  const { port } = await sink.ask<{ port: number }>({ what: 'listen' })
  const service = await startServiceProcess({
    DATABASE_URL: database.url,
    TRUST_PROXY: '1',
    ...noBurst,
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    MAIL_FROM: 'Bench <bench@example.com>',
    BOUNCE_ADDRESS: 'bounces@example.com',
    // the machine's DNS is not what is measured
    DNS_CHECK: 'off',
  })
  try {
    const load = loader(setup, service)
    await load(16, Math.min(4, setup.seconds))
    const sentBefore = await countSent(database)
    const figures = await load(64, setup.seconds)
    const sent = (await countSent(database)) - sentBefore
    return {
      ...figures,
      lettersPerSecond: Math.round(sent / figures.seconds),
      rows: await checkRows(database, service),
    }
  } finally {
    await service.stop()
    await sink.stop()
  }
}

async function countSent(database: BenchDatabase): Promise<number> {
  const [row] = await database.query<{ n: number }>(
    `select count(*)::int as n from letters where state = 'sent'`,
  )
  return row?.n ?? 0
}

function loader({ generator, server }: Setup, service: ServiceProcess) {
  let run = 0
  return async function load(connections: number, seconds: number) {
    run++
    const used = () => ({
      service: cpuSeconds(service.pid),
      postgres: cpuSecondsOfFamily(server.pid),
      // itself, and generators that have ended
      bench: cpuSeconds(process.pid),
      machine: cpuSecondsOfMachine(),
    })
    const groups = () =>
      Promise.all([
        service.metric('ayes_signup_group_size_sum'),
        service.metric('ayes_signup_group_size_count'),
      ])
    const [signupsBefore, groupsBefore] = await groups()
    const before = used()
    const figures = await generator.load({ url: service.url ?? '', connections, seconds, run })
    const after = used()
    const [signups, groupsAfter] = await groups()
    const each = (then: number | null, now: number | null) =>
      then === null || now === null ? null : Math.round(((now - then) * 1e6) / figures.answers)
    const level = {
      connections,
      perSecond: Math.round(figures.answers / figures.seconds),
      p50: round(figures.p50, 2),
      p99: round(figures.p99, 2),
      longest: round(figures.longest, 1),
      notAccepted: figures.refused + figures.broken,
      inOneStatement: round((signups - signupsBefore) / (groupsAfter - groupsBefore), 1),
      cpuMicroseconds: {
        service: each(before.service, after.service),
        postgres: each(before.postgres, after.postgres),
      },
      seconds: round(figures.seconds, 1),
      processorsOfOthers: processorsOfOthers(before, after, figures.seconds),
    }
    say(JSON.stringify(level))
    return level
  }
}

type Used = Record<'service' | 'postgres' | 'bench' | 'machine', number | null>

/** How many processors were busy with something else than this benchmark: above some tenths, trust the ratios only. */
function processorsOfOthers(before: Used, after: Used, seconds: number): number | null {
  if (before.machine === null || after.machine === null) return null
  const gone = (name: keyof Used) => (after[name] ?? 0) - (before[name] ?? 0)
  return round((gone('machine') - gone('service') - gone('postgres') - gone('bench')) / seconds, 2)
}

/**
 * What was answered with 202 is there, with a letter and an event each; and nothing else is. What the generator sent
 * last may still be on its way when it ends, so differing numbers are read again for a while.
 */
async function checkRows(database: BenchDatabase, service: ServiceProcess) {
  const giveUpAt = performance.now() + 5_000
  for (;;) {
    const [found] = await database.query<{ signups: number; letters: number; events: number }>(`
      select count(*)::int as signups,
        (select count(*)::int from letters l join signups s on s.id = l.signup_id where s.source = 'bench') as letters,
        (select count(*)::int from events e join signups s on s.id = e.signup_id
          where s.source = 'bench' and e.type = 'signed-up') as events
      from signups where source = 'bench'`)
    const accepted = await service.metric('ayes_signups_total', 'outcome="accepted"')
    const rows = { accepted, signups: 0, letters: 0, events: 0, ...found }
    if (new Set(Object.values(rows)).size === 1) return rows
    if (performance.now() > giveUpAt) {
      throw new Error(`what was accepted and what was stored differ: ${JSON.stringify(rows)}`)
    }
  }
}

function say(words: string): void {
  console.error(words)
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
