import { access } from 'node:fs/promises'
import type { Config } from '../../config.ts'
import { type Finding, findingsOf } from '../../core/doctor/finding.ts'
import { appliedSteps, knownSteps } from '../../store/migrate.ts'
import type { Database } from '../../store/open-database.ts'
import { ownCluster } from '../../store/own-postgres.ts'
import { serverVersion } from '../../store/server-version.ts'
import { withDatabase } from '../open-installation.ts'
import { whyItEnded } from '../why-it-ended.ts'
import { checkBounceRate } from './check-bounce-rate.ts'

const { ok, warning, wrong } = findingsOf('database')

const oldest = 150_000
const migrating = 'the next start of the service takes them, or "npm run --silent ayes -- migrate" now'

/** Reads only: no step is taken, and where there is no database yet none is made. */
export async function checkDatabase(config: Config): Promise<Finding[]> {
  if (config.databaseUrl === null && !(await isThere(ownCluster(config.dataDir)))) {
    return [
      warning(
        'database',
        `There is no database in ${config.dataDir} yet, and DATABASE_URL is not set`,
        'nothing, if this is a new installation: the first start makes it',
      ),
    ]
  }
  try {
    return await withDatabase(config, (database) => look(database, config))
  } catch (error) {
    const [first = ''] = whyItEnded(error, new AbortController().signal).words
    const why =
      error instanceof Error && error.message !== '' && !first.includes(error.message) ? error.message : first
    return [
      wrong(
        'database',
        why,
        config.databaseUrl === null
          ? 'DATA_DIR/postgres.log says more'
          : 'check that the server runs, and host, user, password and database in DATABASE_URL',
      ),
    ]
  }
}

async function look(database: Database, config: Config): Promise<Finding[]> {
  const { db, own } = database
  const { dataDir } = config
  const { version, number } = await serverVersion(db)
  const name = own
    ? `PostgreSQL ${version} of our own in ${dataDir}`
    : `PostgreSQL ${version} at DATABASE_URL`
  const reached =
    number >= oldest
      ? ok('database', `${name} answers`)
      : wrong('database', `${name} is too old`, 'use PostgreSQL 15 or later')
  const [applied, known] = [await appliedSteps(db), await knownSteps()]
  const strangers = applied.filter((step) => !known.includes(step))
  const pending = known.filter((step) => !applied.includes(step))
  if (strangers.length > 0) {
    return [
      reached,
      wrong(
        'migrations',
        `The database is newer than this release (${strangers.join(', ')})`,
        'use the release that runs on it',
      ),
    ]
  }
  if (applied.length === 0)
    return [reached, warning('migrations', 'The database holds no installation of Ayes yet', migrating)]
  if (pending.length > 0)
    return [reached, warning('migrations', `Steps are to be taken: ${pending.join(', ')}`, migrating)]
  const rate = await checkBounceRate(db, config)
  return [reached, ok('migrations', `All ${known.length} steps are taken`), ...rate]
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: unknown) => !(error instanceof Error && 'code' in error && error.code === 'ENOENT'),
  )
}
