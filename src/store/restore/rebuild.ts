// The schema of the dump's time, made anew, so that its rows fit; what has come since is migrated afterwards.
import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { dumpedTables, leftOutTables, quoted } from '../dump/contents.ts'
import { damaged } from '../dump/header.ts'
import { DumpRefusal } from '../dump/refusal.ts'
import { knownSteps, stepProvider } from '../migrate.ts'
import type { Db, Trx } from '../open-database.ts'

/** The dump's steps must be the beginning of ours. */
export async function refuseUnknownSteps(
  steps: readonly string[],
  whose: { what: string; release: string },
): Promise<void> {
  const known = await knownSteps()
  const strange = steps.find((name, at) => known[at] !== name)
  if (strange === undefined) return
  throw new DumpRefusal(
    `${whose.what} is newer than this release (it has taken the step ${strange}): use ${whose.release}`,
  )
}

/** Functions of ours that no trigger calls. */
const plainFunctions = ['client_network(text)']

/** Drops our tables, which are empty, and our functions. */
export async function dropSchema(trx: Trx): Promise<void> {
  const tables = [...dumpedTables, ...leftOutTables]
  const { rows } = await sql<{ name: string }>`
    select distinct tgfoid::regprocedure::text as name from pg_trigger
    where not tgisinternal and tgrelid = any(
      select oid from pg_class where relnamespace = current_schema()::regnamespace and relname = any(${tables}))
  `.execute(trx)
  const names = [...tables, 'kysely_migration', 'kysely_migration_lock'].map(quoted)
  await sql.raw(`drop table if exists ${names.join(', ')} cascade`).execute(trx)
  for (const { name } of rows) await sql.raw(`drop function ${name}`).execute(trx)
  for (const name of plainFunctions) await sql.raw(`drop function if exists ${name}`).execute(trx)
}

export async function migrateTo(trx: Trx, step: string): Promise<void> {
  const { error } = await new Migrator({ db: trx, provider: stepProvider }).migrateTo(step)
  if (error !== undefined) throw error instanceof Error ? error : new Error(String(error))
}

/** While these are off, history that no transition allows may be written: a dump holds ends, not ways. */
export async function setTriggers(trx: Trx, tables: readonly string[], on: boolean): Promise<void> {
  for (const table of tables) {
    await sql.raw(`alter table ${quoted(table)} ${on ? 'enable' : 'disable'} trigger user`).execute(trx)
  }
}

/** Rows that come next get numbers beyond those that are there. */
export async function setSequences(trx: Trx): Promise<void> {
  const { rows } = await sql<{ table: string; column: string }>`
    select c.relname as table, a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid
    where a.attidentity <> '' and c.relnamespace = current_schema()::regnamespace
      and c.relname = any(${[...dumpedTables]})`.execute(trx)
  for (const { table, column } of rows) {
    await sql`
      select setval(pg_get_serial_sequence(${quoted(table)}, ${column}),
        (select coalesce(max(${sql.ref(column)}), 0) + 1 from ${sql.table(table)}), false)`.execute(trx)
  }
}

/** Cursors of another database mean nothing here: a new epoch makes them known for what they are. */
export async function renewEpoch(db: Db): Promise<void> {
  const { numAffectedRows } = await sql`update installation set epoch = gen_random_uuid()`.execute(db)
  if (numAffectedRows !== 1n) throw damaged()
}
