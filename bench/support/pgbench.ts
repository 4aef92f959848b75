// The peer: what PostgreSQL's own benchmark makes of one transaction with the statements that one signup needs, a row
// each, without any HTTP, check or group.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchDatabase, BenchServer } from './bench-server.ts'
import { cpuSeconds, cpuSecondsOfFamily } from './cpu-time.ts'
import { runProgram } from './programs.ts'

const usualClients = 16
const threads = 2

const transaction = String.raw`\set address random(1, 9000000000000000000)
\set client random(1, 9000000000000000000)
begin;
insert into clients as c (key, since, used_before, used) values ('4:' || :client::text, now(), 0, 1)
  on conflict (key) do update set used = least(c.used + 1, 20);
insert into addresses as a (hash, email, seen_at)
  values (decode(md5('a' || :address::text), 'hex'), 'visitor.' || :address::text || '@gmail.com', now())
  on conflict (hash) do update set email = excluded.email, seen_at = excluded.seen_at;
insert into mailboxes as m (hash, recent, recent_lists, granted)
  values (decode(md5('m' || :address::text), 'hex'), array[now()], array[1], true)
  on conflict (hash) do update set granted = cardinality(m.recent) < 3;
insert into signups (id, list_id, address_hash, email, status, key_id, locale, source, consent_version,
    consent_as_posted, signup_client, signed_up_at)
  values (UUID(), 1, decode(md5('a' || :address::text), 'hex'), 'visitor.' || :address::text || '@gmail.com',
    'pending', 'k1', 'en', 'pgbench', 0, 'Yes, send me the newsletter, once a month at most.', '20.1.2.3', now())
  on conflict (list_id, address_hash) where status in ('pending', 'confirmed') do update set status = excluded.status
  returning id as signup \gset
insert into letters (id, signup_id, kind, recipient, locale, key_id, due_at, created_at)
  values (UUID(), :signup, 'confirmation', 'visitor.' || :address::text || '@gmail.com', 'en', 'k1', now(), now())
  returning id as letter \gset
insert into events (signup_id, letter_id, type, at, client, agent)
  values (:signup, :letter, 'signed-up', now(), '20.1.2.3',
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0');
commit;
`

export type PgbenchFigures = {
  clients: number
  perSecond: number
  meanMs: number
  /** Of its own log of every transaction. */
  p99: number
  /** A transaction's share; null where nothing is known. */
  cpuMicroseconds: { pgbench: number | null; postgres: number | null }
}

export type Pgbench = {
  readonly command: string
  /** With 16 clients, unless told otherwise. */
  run(database: BenchDatabase, seconds: number, clients?: number): Promise<PgbenchFigures>
}

/** Ids come in the order of time, as the service makes them, where the server can (from 18 on). */
export function openPgbench(path: string, server: Pick<BenchServer, 'version' | 'pid'>): Pgbench {
  const flags = (clients: number) => ['-n', '-M', 'prepared', '-c', String(clients), '-j', String(threads)]
  const script = transaction.replaceAll(
    'UUID()',
    Number.parseInt(server.version, 10) >= 18 ? 'uuidv7()' : 'gen_random_uuid()',
  )
  return {
    command: `pgbench ${flags(usualClients).join(' ')}`,
    async run({ place }, seconds, clients = usualClients) {
      const folder = await mkdtemp(join(tmpdir(), 'ayes-pgbench-'))
      const file = join(folder, 'signup.sql')
      await writeFile(file, script)
      const where = ['-h', place.host, '-p', String(place.port), '-U', place.user]
      const used = () => ({ pgbench: cpuSeconds(process.pid), postgres: cpuSecondsOfFamily(server.pid) })
      try {
        const before = used()
        const output = await runProgram(path, [
          ...[
            ...flags(clients),
            '-T',
            String(seconds),
            '-f',
            file,
            '-l',
            '--log-prefix',
            join(folder, 'log'),
          ],
          ...[...where, place.database],
        ])
        const after = used()
        return { clients, ...figures(output, before, after), p99: await slowestHundredth(folder) }
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  }
}

type Used = Record<'pgbench' | 'postgres', number | null>

/** The third column of its log is a transaction's time in microseconds. */
async function slowestHundredth(folder: string): Promise<number> {
  const times: number[] = []
  for (const name of (await readdir(folder)).filter((one) => one.startsWith('log'))) {
    const lines = (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n')
    for (const line of lines) times.push(Number(line.split(' ', 3)[2]) / 1000)
  }
  times.sort((a, b) => a - b)
  return Number((times[Math.floor(times.length * 0.99)] ?? 0).toFixed(2))
}

function figures(output: string, before: Used, after: Used): Omit<PgbenchFigures, 'clients' | 'p99'> {
  const perSecond = Number(/^tps = ([\d.]+)/m.exec(output)?.[1])
  const meanMs = Number(/^latency average = ([\d.]+) ms/m.exec(output)?.[1])
  if (Number.isNaN(perSecond)) throw new Error(`pgbench said nothing that is understood:\n${output}`)
  const done = Number(/^number of transactions actually processed: (\d+)/m.exec(output)?.[1])
  const each = (name: keyof Used) =>
    before[name] === null || after[name] === null
      ? null
      : Math.round(((after[name] - before[name]) * 1e6) / done)
  return {
    perSecond: Math.round(perSecond),
    meanMs,
    cpuMicroseconds: { pgbench: each('pgbench'), postgres: each('postgres') },
  }
}
