// A PostgreSQL server as the service uses it: the package's, in a folder of its own, settings untouched, fsync on.
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { joinOwnPostgres } from '../../src/store/own-postgres.ts'

export type BenchDatabase = {
  /** For DATABASE_URL. */
  readonly url: string
  /** For programs that speak libpq. */
  readonly place: { host: string; port: number; user: string; database: string }
  query<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<R[]>
}

export type BenchServer = {
  readonly version: string
  readonly fsync: string
  /** The process id of the server, whose children do the work. */
  readonly pid: number
  makeDatabase(): Promise<BenchDatabase>
  close(): Promise<void>
}

export async function startBenchServer(): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ayes-bench-'))
  const own = await joinOwnPostgres({ dataDir })
  const clients: pg.Client[] = []

  async function connect(database: string): Promise<pg.Client> {
    const client = new pg.Client({ ...own.connection, database, application_name: 'ayes bench' })
    await client.connect()
    clients.push(client)
    return client
  }

  const main = await connect(own.connection.database)
  const shown = await main.query<{ version: string; fsync: string }>(
    `select current_setting('server_version') as version, current_setting('fsync') as fsync`,
  )
  const pidFile = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')
  const pid = Number.parseInt(pidFile, 10)
  // A benchmark that is broken off leaves neither a server nor its files.
  const abandon = () => {
    process.kill(pid, 'SIGQUIT')
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', abandon)
  return {
    version: shown.rows[0]?.version ?? '',
    fsync: shown.rows[0]?.fsync ?? '',
    pid,
    async makeDatabase() {
      const database = `bench_${randomBytes(4).toString('hex')}`
      await main.query(`create database ${database}`)
      const client = await connect(database)
      const place = { ...own.connection, database }
      return {
        url: `postgres://${place.user}@localhost/${database}?host=${encodeURIComponent(place.host)}`,
        place,
        query: async <R extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
          (await client.query<R>(text, values)).rows,
      }
    },
    async close() {
      process.off('exit', abandon)
      await Promise.all(clients.map((client) => client.end()))
      await own.leave()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
