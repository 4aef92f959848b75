// Dumps as tests make them, change them and restore them.
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { expect, inject, onTestFinished } from 'vitest'
import {
  type RestoreInput,
  type RestoreOutcome,
  restoreInstallation,
} from '../../src/flows/restore-installation.ts'
import type { DumpSource } from '../../src/store/dump.ts'
import { type Database, openDatabase } from '../../src/store/open-database.ts'
import { copyTemplate, dropDatabase } from './database.ts'
import { inDatabase, runOn } from './server-url.ts'

export const secrets = {
  adminToken: 'the-admin-token-of-the-dump',
  secretKey: 'the-secret-key-of-the-dump-is-long-enough',
  oldSecretKeys: ['an-older-secret-key-that-letters-still-carry'],
}

export function sourceOf({ connection }: Database): Omit<DumpSource, 'write'> {
  return { connection, release: '0.0.0', secrets, madeAt: new Date(), signal: null }
}

export function restoreInto(
  url: string,
  file: string,
  other: Partial<RestoreInput> = {},
): Promise<RestoreOutcome> {
  return restoreInstallation({
    file,
    given: { adminToken: null, secretKey: null, oldSecretKeys: secrets.oldSecretKeys },
    signal: null,
    openDatabase: async () => ({ connectionString: url, application_name: 'ayes' }),
    putSecret: async () => {},
    ...other,
  })
}

/** A database in which nothing was ever made. */
export async function makeBareDatabase(): Promise<string> {
  const serverUrl = inject('serverUrl')
  const name = `ayes_bare_${randomBytes(6).toString('hex')}`
  await runOn(serverUrl, `create database ${name}`)
  onTestFinished(() => dropDatabase(serverUrl, name))
  return inDatabase(serverUrl, name)
}

/** A copy of the file with other bytes, or with another text in it. */
export async function changeDump(
  file: string,
  copy: string,
  change: { bytes?: (bytes: Buffer) => Buffer; text?: (text: string) => string },
): Promise<void> {
  const bytes = await readFile(file)
  if (change.bytes !== undefined) return writeFile(copy, change.bytes(bytes))
  const text = gunzipSync(bytes).toString('latin1')
  await writeFile(copy, gzipSync(Buffer.from((change.text ?? String)(text), 'latin1')))
}

/** The database at a URL, without any connection before the first statement. */
/** A restore waits for nobody, so the server must have seen the last of it. */
export async function look<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ databaseUrl: url, dataDir: '' })
  try {
    return await work(database)
  } finally {
    await database.close()
    await untilNobodyIsIn(url)
  }
}

async function untilNobodyIsIn(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'a test' })
  await client.connect()
  const others = `select count(*)::int as n from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`
  const isAlone = async () => (await client.query<{ n: number }>(others)).rows[0]?.n === 0
  try {
    await expect.poll(isAlone, { timeout: 20_000 }).toBe(true)
  } finally {
    await client.end()
  }
}

export async function emptyCopy(): Promise<string> {
  const { url, drop } = await copyTemplate()
  onTestFinished(drop)
  return url
}
