// The whole database as lines of text, from one snapshot: a header, each table as COPY writes it, ended by `\.`, and
// a trailer with the number of rows and a checksum of everything before it. Any PostgreSQL that we support can read
// what any other wrote, and a file that was cut off is known by its missing trailer.
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { to } from 'pg-copy-streams'
import { type DumpedTable, dumpedTables, quoted } from './dump/contents.ts'
import { type DumpSecrets, writeHeader } from './dump/header.ts'
import { DumpRefusal } from './dump/refusal.ts'
import { inSession, type Session } from './dump/session.ts'
import { appliedSteps, knownSteps } from './migrate.ts'

export { DumpRefusal }

export type DumpSource = {
  readonly connection: pg.ClientConfig
  readonly release: string
  readonly secrets: DumpSecrets
  readonly madeAt: Date
  readonly signal: AbortSignal | null
  /** Takes the bytes; resolves when more may come. */
  readonly write: (bytes: Uint8Array) => Promise<void>
}

export type DumpedRows = Readonly<Record<string, number>>

/** Beside a running service: neither waits for the other. */
export function dumpDatabase(source: DumpSource): Promise<DumpedRows> {
  return inSession(source.connection, source.signal, async ({ client, db }) => {
    await client.query('begin isolation level repeatable read, read only')
    const migrations = await stepsOf(db)
    const tables = await tablesOf(client)
    const hash = createHash('sha256')
    const write = async (bytes: Uint8Array) => {
      hash.update(bytes)
      await source.write(bytes)
    }
    const { release, secrets } = source
    const line = (text: string) => Buffer.from(`${text}\n`)
    const madeAt = source.madeAt.toISOString()
    await write(line(writeHeader({ release, madeAt, migrations, secrets, tables })))
    const rows: Record<string, number> = {}
    for (const table of tables) {
      await write(line(JSON.stringify({ table: table.name })))
      rows[table.name] = await copyOut(client, table, write)
      await write(line('\\.'))
    }
    await source.write(line(JSON.stringify({ rows, sha256: hash.digest('hex') })))
    return rows
  })
}

async function stepsOf(db: Session['db']): Promise<readonly string[]> {
  const applied = await appliedSteps(db)
  if (applied.length === 0) {
    throw new DumpRefusal('there is nothing to dump: the database holds no installation of Ayes')
  }
  const known = new Set(await knownSteps())
  const newer = applied.find((name) => !known.has(name))
  if (newer === undefined) return applied
  throw new DumpRefusal(
    `the database is newer than this release (it has taken the step ${newer}): use that one`,
  )
}

type Column = { name: string; columns: string[] }

/** Those of ours that the database has: an older one may lack some. */
async function tablesOf(client: pg.Client): Promise<DumpedTable[]> {
  const { rows } = await client.query<Column>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relname = any($1) and c.relkind = 'r'
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname`,
    [dumpedTables],
  )
  return dumpedTables.flatMap((name) => rows.filter((row) => row.name === name))
}

/** A transaction's id means nothing in another database: there it is older than all, and so it is written. */
async function copyOut(
  client: pg.Client,
  table: DumpedTable,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<number> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = to_regclass($1) and atttypid = 'xid8'::regtype`,
    [quoted(table.name)],
  )
  const ids = new Set(rows.map(({ name }) => name))
  const columns = table.columns.map((name) =>
    ids.has(name) ? `case when ${quoted(name)} is not null then '0'::xid8 end` : quoted(name),
  )
  const stream = client.query(to(`copy (select ${columns.join(', ')} from ${quoted(table.name)}) to stdout`))
  for await (const chunk of stream) await write(chunk)
  return stream.rowCount
}
