// What a command needs to work on an installation: the settings, as the service reads them, and the database.
import { readFileSync } from 'node:fs'
import { type Config, readConfig, secretsIn } from '../config.ts'
import { type OpenLog, openLog, standardError } from '../log.ts'
import { appliedSteps, isMigrated } from '../store/migrate.ts'
import { type Database, openDatabase } from '../store/open-database.ts'
import { type Around, SettingsError } from './command.ts'

export function readSettings(around: Around): Config {
  const reading = readConfig(around.environment(), (path) => readFileSync(path, 'utf8'))
  if (reading.kind === 'mistakes') throw new SettingsError(reading.mistakes)
  return reading.config
}

/** Standard output is for data: what a command logs goes to standard error, and only what is wrong. */
export function openQuietLog(config: Config): OpenLog {
  return openLog(config.logLevel === 'error' ? 'error' : 'warn', {
    destination: standardError(),
    secrets: secretsIn(config),
  })
}

/** The service's database, also while the service runs: whoever leaves last stops a server of our own. */
export async function withDatabase<T>(config: Config, work: (database: Database) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir } = config
  const database = await openDatabase({ databaseUrl, dataDir, connections: 2 })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** In words what keeps this release from reading the database; null where nothing does. */
export async function whyNotReadable({ db }: Database): Promise<string | null> {
  if ((await appliedSteps(db)).length === 0) return 'The database holds no installation of Ayes yet.'
  const isReady = await isMigrated(db).catch(() => null)
  if (isReady === null) return 'The database is newer than this release: use the release that runs on it.'
  return isReady ? null : 'The database is older than this release: run "npm run ayes -- migrate" first.'
}
