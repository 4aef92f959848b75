// One of the two seams: a given postgres:// or a PostgreSQL server of our own in DATA_DIR. Behind it everything
// is the same driver and the same SQL.
import { setTimeout as pause } from 'node:timers/promises'
import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { LogFields } from '../log.ts'
import { type Notices, openNotices } from './notices.ts'
import { joinOwnPostgres } from './own-postgres.ts'
import type { Schema } from './schema.ts'
import { namedStatements } from './statements.ts'

export type Db = Kysely<Schema>
export type Trx = Transaction<Schema>

export type Database = {
  readonly db: Db
  /** For the groups of signups alone: the same few connections keep what their one large statement needs at hand. */
  readonly groups: Db
  /** For the statements that Kysely is not for: the group of signups, COPY. */
  readonly pool: pg.Pool
  readonly notices: Notices
  /** `postgres://…` or the socket of our own server, as `pg` takes it. */
  readonly connection: pg.ClientConfig
  readonly own: boolean
  close(): Promise<void>
}

export type OpenDatabaseOptions = {
  readonly databaseUrl: string | null
  readonly dataDir: string
  readonly log?: (event: string, fields?: LogFields) => void
  readonly connections?: number
}

// A date is a day, not a moment: as text it cannot slip over midnight in another time zone.
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.DATE ? (text: string) => text : pg.types.getTypeParser(oid, format ?? 'text'),
}

/** No statement of ours takes so long; the export and the purge set their own. */
const statementTimeoutMs = 12_000
const lockTimeoutMs = 10_000

/** At the end: connections that a statement still holds are broken off after so long. */
const mostWaitMs = 300

/** As many as groups may be under way. */
const groupConnections = 2

export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const log = options.log ?? (() => {})
  const own =
    options.databaseUrl === null
      ? await joinOwnPostgres({ dataDir: options.dataDir, log: (event, fields) => log(event, { ...fields }) })
      : null
  const connection: pg.ClientConfig = {
    ...(own === null ? { connectionString: options.databaseUrl ?? '' } : own.connection),
    application_name: 'ayes',
    connectionTimeoutMillis: 3_000,
    keepAlive: true,
    types,
  }
  const pool = openPool({ ...connection, max: options.connections ?? 10 }, log)
  const groupPool = openPool({ ...connection, max: groupConnections }, log)
  const db = openKysely(pool)
  const groups = openKysely(groupPool)
  const notices = openNotices(connection, log)
  return {
    db,
    groups,
    pool,
    notices,
    connection,
    own: own !== null,
    async close() {
      await notices.close()
      // They wait for statements under way. The server must not: whoever leaves it last stops it.
      const idle = Promise.all([db.destroy(), groups.destroy()]).catch(() => {})
      await Promise.race([idle, pause(mostWaitMs)])
      await own?.leave()
    },
  }
}

function openPool(options: pg.PoolConfig, log: (event: string, fields?: LogFields) => void): pg.Pool {
  const pool = new pg.Pool({
    ...options,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
  })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => log('database-connection-lost', { error: error.message }))
  // One in use has the pool's listener taken off; its query fails by itself, and that is who hears of it.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

function openKysely(pool: pg.Pool): Db {
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: namedStatements(pool) }) })
}

/** Lost deadlocks and serialization conflicts are tried again, whole, three times. */
export async function inTransaction<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (tries >= 3 || !isConflict(error)) throw error
    }
  }
}

function sqlState(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

export function isConflict(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40P01' || state === '40001'
}

/** Bad data in one row of a group: SQLSTATE classes 22 (data) and 23 (integrity). */
export function isAboutData(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error) ?? '')
}

const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
])
const awayWords =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|connection ended|not queryable|client has encountered a connection error|Cannot use a pool after calling end|driver has already been destroyed/i

/** Is it the database that is away (503, try again), rather than us who are wrong? */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const state = sqlState(error)
  // 08 connection, 53 too many connections or no space, 57 shut down or starting, 55P03 a lock not got in time
  if (state !== null && (/^(08|53|57)/.test(state) || state === '55P03' || state === '25006')) return true
  // a file that is missing is none of the database's; its socket is
  const isFile = state === 'ENOENT' && 'syscall' in error && error.syscall !== 'connect'
  if (state !== null && awayCodes.has(state) && !isFile) return true
  return awayWords.test(error.message)
}

/** Several reads of one moment: what one says, the other does not contradict. */
export async function inSnapshot<T>(db: Db, read: (trx: Trx) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read)
}
