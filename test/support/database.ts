import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { type Database, openDatabase } from '../../src/store/open-database.ts'
import { inDatabase, runOn } from './server-url.ts'

export type TestDatabase = { readonly url: string; readonly database: Database; close(): Promise<void> }

/** A database of its own, with all migrations, in some 50 ms. */
export async function makeDatabase(): Promise<TestDatabase> {
  const { url, drop } = await copyTemplate()
  const database = await openDatabase({ databaseUrl: url, dataDir: '' })
  return {
    url,
    database,
    async close() {
      await database.close()
      await drop()
    },
  }
}

/** The server's own vacuum may be at work in it, and only a superuser may end that: it is over in a moment. */
export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await runOn(serverUrl, `drop database if exists ${name} with (force)`)
    } catch (error) {
      if (tries === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

/** Only the database, for services that open it themselves. */
export async function copyTemplate(): Promise<{ url: string; drop(): Promise<void> }> {
  const serverUrl = inject('serverUrl')
  const name = `ayes_${randomBytes(6).toString('hex')}`
  await runOn(serverUrl, `create database ${name} template ${inject('templateName')}`)
  return {
    url: inDatabase(serverUrl, name),
    drop: () => dropDatabase(serverUrl, name),
  }
}
