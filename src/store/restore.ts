// A dump into an empty installation: one transaction from the first drop to the last row, so that whatever ends it
// early, a crash too, leaves the installation as empty as it was.
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import type pg from 'pg'
import { from } from 'pg-copy-streams'
import { isDumped, quoted } from './dump/contents.ts'
import { type DumpHeader, damaged, objectIn, readHeader, readTrailer } from './dump/header.ts'
import { cutOff, DumpReader } from './dump/read-dump.ts'
import { DumpRefusal } from './dump/refusal.ts'
import { inSession } from './dump/session.ts'
import { appliedSteps, knownSteps } from './migrate.ts'
import type { Trx } from './open-database.ts'
import {
  dropSchema,
  migrateTo,
  refuseUnknownSteps,
  renewEpoch,
  setSequences,
  setTriggers,
} from './restore/rebuild.ts'
import { lockMigrations, refuseIfInUse, refuseIfNotEmpty } from './restore/vacancy.ts'

export type { DumpSecrets } from './dump/header.ts'
export { DumpRefusal }
export type DatabaseConnection = pg.ClientConfig

export type OpenDump = { readonly header: DumpHeader; readonly reader: DumpReader }

/** Reads the header and refuses what this release cannot restore, before anything is opened. */
export async function openDump(source: AsyncIterable<Uint8Array>): Promise<OpenDump> {
  const reader = new DumpReader(source)
  const header = readHeader((await reader.line()) ?? '')
  await refuseUnknownSteps(header.migrations, {
    what: 'the dump',
    release: `release ${header.release} or a later one`,
  })
  const isWhole = header.migrations.length > 0 && header.tables.every(({ name }) => isDumped(name))
  if (!isWhole) throw damaged()
  return { header, reader }
}

export type RestoreTarget = {
  readonly connection: pg.ClientConfig
  readonly signal: AbortSignal | null
  /** When every row is in place and nothing but the commit is left. */
  readonly beforeCommit: () => Promise<void>
}

export type RestoredRows = Readonly<Record<string, number>>

export function restoreDatabase(dump: OpenDump, target: RestoreTarget): Promise<RestoredRows> {
  return inSession(target.connection, target.signal, ({ client, db }) =>
    db.transaction().execute(async (trx) => {
      await sql`set local lock_timeout = '10s'`.execute(trx)
      await lockMigrations(trx)
      await refuseIfInUse(trx)
      await makeRoom(trx)
      await migrateTo(trx, dump.header.migrations.at(-1) ?? '')
      const rows = await load({ client, trx }, dump)
      await setSequences(trx)
      await renewEpoch(trx)
      await migrateTo(trx, (await knownSteps()).at(-1) ?? '')
      await sql.raw(`analyze ${Object.keys(rows).map(quoted).join(', ')}`).execute(trx)
      await target.beforeCommit()
      return rows
    }),
  )
}

async function makeRoom(trx: Trx): Promise<void> {
  const applied = await appliedSteps(trx)
  if (applied.length === 0) return
  await refuseUnknownSteps(applied, { what: 'the database', release: 'that one' })
  await refuseIfNotEmpty(trx)
  await dropSchema(trx)
}

type Loading = { client: pg.Client; trx: Trx }

async function load({ client, trx }: Loading, { header, reader }: OpenDump): Promise<RestoredRows> {
  const names = header.tables.map(({ name }) => name)
  // What the steps themselves put in: a first list, a key of its own.
  await sql.raw(`truncate ${names.map(quoted).join(', ')}`).execute(trx)
  await setTriggers(trx, names, false)
  const rows: Record<string, number> = {}
  for (const { name, columns } of header.tables) {
    if (objectIn((await nextLine(reader)) ?? '')?.table !== name) throw damaged()
    const into = client.query(from(`copy ${quoted(name)} (${columns.map(quoted).join(', ')}) from stdin`))
    await pipeline(reader.rows(), into)
    rows[name] = into.rowCount
  }
  const trailer = readTrailer(await nextLine(reader))
  const isSame = names.every((name) => trailer.rows[name] === rows[name])
  if (!isSame || trailer.sha256 !== reader.checksum()) throw damaged()
  if ((await reader.line()) !== null) throw damaged()
  await setTriggers(trx, names, true)
  return rows
}

async function nextLine(reader: DumpReader): Promise<string> {
  const line = await reader.line()
  if (line === null) throw cutOff()
  return line
}
