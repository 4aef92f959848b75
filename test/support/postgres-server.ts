// One real PostgreSQL server for the whole run: the package's, or the one that TEST_DATABASE_URL names. Each test
// file copies its database from a template that has all migrations.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/store/migrate.ts'
import { openDatabase } from '../../src/store/open-database.ts'
import { joinOwnPostgres } from '../../src/store/own-postgres.ts'
import { inDatabase, runOn } from './server-url.ts'

declare module 'vitest' {
  interface ProvidedContext {
    serverUrl: string
    templateName: string
  }
}

type Server = { url: string; stop(): Promise<void> }

async function ownServer(): Promise<Server> {
  const dir = await mkdtemp(join(tmpdir(), 'ayes-test-'))
  const own = await joinOwnPostgres({ dataDir: dir })
  const { host, user, database } = own.connection
  return {
    url: `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}`,
    async stop() {
      await own.leave()
      await rm(dir, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  const server = given === undefined ? await ownServer() : { url: given, stop: async () => {} }
  const templateName = `ayes_template_${process.pid}`
  await runOn(server.url, `create database ${templateName}`)
  const database = await openDatabase({ databaseUrl: inDatabase(server.url, templateName), dataDir: '' })
  await migrate(database.db)
  await database.close()
  project.provide('serverUrl', server.url)
  project.provide('templateName', templateName)
  return async () => {
    await runOn(server.url, `drop database if exists ${templateName}`)
    await server.stop()
  }
}
