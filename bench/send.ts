// Letters a second from rows that are due into a sink on this machine, each recorded as sent, against nodemailer's
// bare pool with the same letters.
import { openKeyRing } from '../src/core/keys.ts'
import { type BenchDatabase, startBenchServer } from './support/bench-server.ts'
import { cpuSeconds, cpuSecondsOfFamily } from './support/cpu-time.ts'
import { recipient } from './support/letters.ts'
import { readOptions } from './support/options.ts'
import { secretKey, startServiceProcess } from './support/service-process.ts'
import { startWorker, type Worker } from './support/worker.ts'

const lookEveryMs = 20
const patienceMs = 20_000

export async function run(given: readonly string[] = []): Promise<object> {
  const { letters, connections } = readOptions(given, { letters: 8_000, connections: 10 })
  const sink = startWorker('smtp-sink.ts')
  const { port } = await sink.ask<{ port: number }>({ what: 'listen' })
  const source = async (file: string) => {
    const worker = startWorker(file)
    const { perSecond } = await worker.ask<{ perSecond: number }>({ port, letters, connections })
    await worker.stop()
    console.error(`${file}: ${Math.round(perSecond)} letters a second`)
    return perSecond
  }
  const ceiling = await source('smtp-source.ts')
  const before = await source('nodemailer-source.ts')
  const ayes = await measureService({ sink, port, letters, connections })
  console.error(`ayes: ${ayes.perSecond} letters a second`)
  const peer = (before + (await source('nodemailer-source.ts'))) / 2
  await sink.stop()
  return {
    bench: 'send',
    letters,
    connections,
    sink: { name: 'bench/support/smtp-sink.ts', ceilingPerSecond: Math.round(ceiling) },
    ayes,
    nodemailerPool: { perSecond: Math.round(peer) },
    timesNodemailer: Number((ayes.perSecond / peer).toFixed(2)),
  }
}

type Setup = { sink: Worker; port: number; letters: number; connections: number }
type Taken = { taken: number; firstAt: number; lastAt: number }

async function measureService({ sink, port, letters, connections }: Setup) {
  const server = await startBenchServer()
  const database = await server.makeDatabase()
  const settings = {
    DATABASE_URL: database.url,
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    SEND_CONCURRENCY: String(connections),
    MAIL_FROM: 'Bench <bench@example.com>',
    BOUNCE_ADDRESS: 'bounces@example.com',
    PUBLIC_URL: 'http://localhost:3000',
  }
  // Once without letters: it makes the tables.
  await (await startServiceProcess({ ...settings, ROLES: 'send' })).stop()
  await putDueLetters(database, letters)
  await sink.ask<Taken>({ what: 'begin' })
  const usedBefore = cpuSecondsOfFamily(server.pid)
  const service = await startServiceProcess({ ...settings, ROLES: 'send' })
  const usedAtStart = cpuSeconds(service.pid)
  try {
    await untilSent(database, letters)
    const { taken, firstAt, lastAt } = await sink.ask<Taken>({ what: 'count' })
    const each = (then: number | null, now: number | null) =>
      then === null || now === null ? null : Math.round(((now - then) * 1e6) / letters)
    return {
      perSecond: Math.round(((taken - 1) * 1000) / (lastAt - firstAt)),
      cpuMicroseconds: {
        service: each(usedAtStart, cpuSeconds(service.pid)),
        postgres: each(usedBefore, cpuSecondsOfFamily(server.pid)),
      },
      rows: await checkRows(database, { letters, taken }),
    }
  } finally {
    await service.stop()
    await server.close()
  }
}

/** What signups would have left: an address, a signup and a queued letter each. */
async function putDueLetters(database: BenchDatabase, letters: number): Promise<void> {
  const keyId = openKeyRing(secretKey, []).current.id
  const email = recipient(0).replace('0', `' || n || '`)
  await database.query(
    `with visitor as materialized (
      select n, decode(md5(n::text), 'hex') as hash, gen_random_uuid() as signup, '${email}' as email
      from generate_series(1, $1::int) n
    ), address as (
      insert into addresses (hash, seen_at) select hash, now() from visitor
    ), signup as (
      insert into signups (id, list_id, address_hash, email, status, key_id, locale, source, consent_version,
        signed_up_at)
      select signup, 1, hash, email, 'pending', $2, 'en', 'bench', 0, now() from visitor
    )
    insert into letters (id, signup_id, kind, recipient, locale, key_id, due_at, created_at)
    select gen_random_uuid(), signup, 'confirmation', email, 'en', $2, now(), now() from visitor`,
    [letters, keyId],
  )
  await database.query('analyze')
}

async function untilSent(database: BenchDatabase, letters: number): Promise<void> {
  let lastChange = performance.now()
  for (let sent = 0; sent < letters; ) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    const [row] = await database.query<{ n: number }>(
      `select count(*)::int as n from letters where state <> 'queued'`,
    )
    const now = row?.n ?? 0
    if (now > sent) lastChange = performance.now()
    sent = now
    if (performance.now() - lastChange > patienceMs)
      throw new Error(`only ${sent} of ${letters} letters went out`)
  }
}

/** Each letter went out once and is recorded, with its event. */
async function checkRows(database: BenchDatabase, { letters, taken }: { letters: number; taken: number }) {
  const [found] = await database.query<{ sent: number; events: number }>(`
    select count(*) filter (where state = 'sent')::int as sent,
      (select count(*)::int from events where type = 'letter-sent') as events from letters`)
  const rows = { due: letters, takenBySink: taken, sent: 0, events: 0, ...found }
  if (new Set(Object.values(rows)).size !== 1) {
    throw new Error(`letters were lost or sent twice: ${JSON.stringify(rows)}`)
  }
  return rows
}
