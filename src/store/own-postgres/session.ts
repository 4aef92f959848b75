// Connections of the launcher itself: as the superuser, so that a busy service cannot keep a command out.
import { stat } from 'node:fs/promises'
import pg from 'pg'
import { codeOf } from './refusal.ts'

export const superuser = 'postgres'
export const serviceRole = 'ayes'
export const serviceDatabase = 'ayes'
export const port = 5432

// Advisory locks count within one database: all processes take these in `postgres`.
const lockSpace = 0x61796573
const membershipLock = 1
const creationLock = 2
const lockPatience = '15s'

export type Session = pg.Client

export async function connect(host: string, user: string, database: string): Promise<Session> {
  const client = new pg.Client({
    ...{ host, port, user, database, ssl: false },
    application_name: 'ayes launcher',
    connectionTimeoutMillis: 5_000,
    query_timeout: 30_000,
  })
  // Without a listener a server that goes away would end the process; whoever waits on the client is told.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
}

/** A socket's name proves nothing: only a server that has this very folder open is ours. */
export async function serves(client: Session, cluster: string): Promise<boolean> {
  const shown = await client.query<{ path: string }>(`select current_setting('data_directory') as path`)
  const there = await stat(shown.rows[0]?.path ?? '').catch(() => null)
  const here = await stat(cluster)
  return there !== null && there.dev === here.dev && there.ino === here.ino
}

/** Holds the server: while anyone does, nobody stops it. Waits while the last one out is stopping it. */
export async function holdServer(client: Session): Promise<void> {
  await client.query(`select set_config('lock_timeout', $1, false)`, [lockPatience])
  await client.query('select pg_advisory_lock_shared($1, $2)', [lockSpace, membershipLock])
}

/** Lets the server go; true for the last one out, who then holds it alone and has to stop it. */
export async function releaseServer(client: Session): Promise<boolean> {
  // First out, then the question: two that ask while both are in would both be told no.
  await client.query('select pg_advisory_unlock_shared($1, $2)', [lockSpace, membershipLock])
  const got = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1, $2) as alone', [
    lockSpace,
    membershipLock,
  ])
  return got.rows[0]?.alone === true
}

/** A new connection as the service will make it: a server that is about to stop would not take it. */
export async function ensureDatabase(client: Session, host: string): Promise<void> {
  try {
    const probe = await connect(host, serviceRole, serviceDatabase)
    await probe.end()
  } catch (error) {
    // 28000: the role is missing, 3D000: the database is.
    if (!['28000', '3D000'].includes(codeOf(error) ?? '')) throw error
    await createDatabase(client)
  }
}

async function createDatabase(client: Session): Promise<void> {
  await client.query('select pg_advisory_lock($1, $2)', [lockSpace, creationLock])
  try {
    const found = await client.query<{ role: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = $1) as role,
              exists (select from pg_database where datname = $2) as database`,
      [serviceRole, serviceDatabase],
    )
    // Not a superuser: no statement of the service, whoever wrote it, reaches the machine's files.
    if (found.rows[0]?.role !== true) await client.query(`create role ${serviceRole} login createdb`)
    if (found.rows[0]?.database !== true) {
      await client.query(`create database ${serviceDatabase} owner ${serviceRole}`)
    }
  } finally {
    await client.query('select pg_advisory_unlock($1, $2)', [lockSpace, creationLock])
  }
}
