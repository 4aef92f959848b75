// Migrations run at start under an advisory lock, so that several processes starting at once do no harm.
import { readdir } from 'node:fs/promises'
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration'
import type { Db } from './open-database.ts'

const folder = new URL('../../migrations/', import.meta.url)

function isMigration(value: unknown): value is Migration {
  return typeof value === 'object' && value !== null && 'up' in value && typeof value.up === 'function'
}

const provider: MigrationProvider = {
  async getMigrations() {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort()
    const found: Record<string, Migration> = {}
    for (const name of names) {
      const module: unknown = await import(new URL(name, folder).href)
      if (!isMigration(module)) throw new Error(`migrations/${name} does not export an up function`)
      found[name.replace(/\.ts$/, '')] = module
    }
    return found
  },
}

/** The names of the steps that were taken now; empty when there was nothing to do. */
export async function migrate(db: Db): Promise<string[]> {
  const { error, results } = await new Migrator({ db, provider }).migrateToLatest()
  if (error !== undefined) throw error instanceof Error ? error : new Error(String(error))
  return (results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName)
}

/** Are all steps done that this release knows? (`/readyz`) */
export async function isMigrated(db: Db): Promise<boolean> {
  const migrations = await new Migrator({ db, provider }).getMigrations()
  return migrations.every((migration) => migration.executedAt !== undefined)
}
