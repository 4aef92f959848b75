// Migrations run at start under an advisory lock, so that several processes starting at once do no harm.
import { readdir } from 'node:fs/promises'
import { sql } from 'kysely'
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration'
import type { Db } from './open-database.ts'

const folder = new URL('../../migrations/', import.meta.url)

function isMigration(value: unknown): value is Migration {
  return typeof value === 'object' && value !== null && 'up' in value && typeof value.up === 'function'
}

export const stepProvider: MigrationProvider = {
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
  // An index over millions of rows takes longer than any other statement of ours, and another process waits for it.
  const { error, results } = await db.connection().execute(async (one) => {
    await sql`set statement_timeout = 0`.execute(one)
    await sql`set lock_timeout = 0`.execute(one)
    try {
      return await new Migrator({ db: one, provider: stepProvider }).migrateToLatest()
    } finally {
      await sql`reset statement_timeout`.execute(one)
      await sql`reset lock_timeout`.execute(one)
    }
  })
  if (error !== undefined) throw error instanceof Error ? error : new Error(String(error))
  return (results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName)
}

/** Every step that this release knows, in order. */
export async function knownSteps(): Promise<string[]> {
  return Object.keys(await stepProvider.getMigrations())
}

/** The steps that the database has taken, in order; none where there is no installation yet. */
export async function appliedSteps(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string | null }>`
    select to_regclass('kysely_migration')::text as name`.execute(db)
  if (rows[0]?.name == null) return []
  const applied = await sql<{ name: string }>`
    select name from kysely_migration order by timestamp, name`.execute(db)
  return applied.rows.map(({ name }) => name)
}

let known: Promise<string[]> | null = null

/** Are all steps done that this release knows? (`/readyz`) */
export async function isMigrated(db: Db): Promise<boolean> {
  known ??= knownSteps()
  const applied = new Set(await appliedSteps(db))
  return (await known).every((step) => applied.has(step))
}
