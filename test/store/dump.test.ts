// Everything out of one installation and into another, or nothing.
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dumpInstallation } from '../../src/flows/dump-installation.ts'
import { dumpedTables, leftOutTables } from '../../src/store/dump/contents.ts'
import { appliedSteps, isMigrated, stepProvider } from '../../src/store/migrate.ts'
import { type Database, openDatabase } from '../../src/store/open-database.ts'
import { copyTemplate, makeDatabase, type TestDatabase } from '../support/database.ts'
import { emptyCopy, look, makeBareDatabase, restoreInto, sourceOf } from '../support/dumps.ts'
import { contentsOf, fillInstallation } from '../support/full-installation.ts'
import { insertPending, makeStatus } from '../support/rows.ts'

let source: TestDatabase
let dir: string
let file: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ayes-dump-'))
  file = join(dir, 'full.dump')
  source = await makeDatabase()
  await fillInstallation(source.database.db)
  expect(await dumpInstallation(sourceOf(source.database), file)).toMatchObject({ kind: 'dumped' })
})
afterAll(async () => {
  await source.close()
  await rm(dir, { recursive: true })
})

describe('a restored installation', () => {
  let copy: Awaited<ReturnType<typeof copyTemplate>>
  let restored: Database
  beforeAll(async () => {
    copy = await copyTemplate()
    const outcome = await restoreInto(copy.url, file)
    expect(outcome).toMatchObject({ kind: 'restored', rows: { signups: 7, lists: 2 } })
    restored = await openDatabase({ databaseUrl: copy.url, dataDir: '' })
  })
  afterAll(async () => {
    await restored.close()
    await copy.drop()
  })

  test('holds what the other held, whatever the letters', async () => {
    const before = await contentsOf(source.database.db, dumpedTables)
    expect(await contentsOf(restored.db, dumpedTables)).toEqual(before)
    for (const table of dumpedTables) expect(before[table]).not.toEqual([])
  })

  test('finds addresses by the same hashes, and knows cursors of the other for what they are', async () => {
    const read = ({ db }: Database) => db.selectFrom('installation').selectAll().executeTakeFirstOrThrow()
    const [before, after] = [await read(source.database), await read(restored)]
    expect(after.address_key).toEqual(before.address_key)
    expect(after.epoch).not.toBe(before.epoch)
    const { rows } = await sql<{ xid: string }>`
      select confirmed_xid as xid from signups where confirmed_xid is not null
      union all select left_xid from departures`.execute(restored.db)
    expect(rows.map(({ xid }) => xid)).toEqual(['0', '0', '0'])
  })

  test('keeps the promises of the schema', async () => {
    const { db } = restored
    const expired = db.selectFrom('signups').select('id').where('status', '=', 'expired')
    const { id } = await expired.executeTakeFirstOrThrow()
    await expect(makeStatus(db, id, 'confirmed')).rejects.toThrow(/cannot become/)
    await expect(sql`update events set type = 'x'`.execute(db)).rejects.toThrow(/cannot be changed/)
    await expect(sql`update signups set list_id = 99 where id = ${id}`.execute(db)).rejects.toThrow(
      /keeps its list/,
    )
    await expect(sql`delete from lists where slug = 'default'`.execute(db)).rejects.toThrow(/never deleted/)
    const { rows } = await sql<{ email: string }>`select email from subscribers`.execute(db)
    expect(rows).toEqual([{ email: 'confirmed@example.com' }])
  })

  test('gives what comes later numbers of its own', async () => {
    const { db } = restored
    await db.insertInto('lists').values({ slug: 'more', name: 'More', locale: 'en' }).execute()
    const lists = await db.selectFrom('lists').select('id').orderBy('id').execute()
    expect(lists.map(({ id }) => id)).toEqual([1, 2, 3])
    const signup = await insertPending(db)
    await sql`insert into events (signup_id, type, at) values (${signup}, 'expired', now())`.execute(db)
    await sql`insert into acts (at, type) values (now(), 'exported')`.execute(db)
  })
})

test('a database in which nothing was ever made is an empty installation', async () => {
  const url = await makeBareDatabase()
  expect(await restoreInto(url, file)).toMatchObject({ kind: 'restored' })
  expect(await look(url, ({ db }) => isMigrated(db))).toBe(true)
})

test('a dump of an older release is restored in its own form and then migrated', async () => {
  const [from, to] = [await makeBareDatabase(), await emptyCopy()]
  const old = join(dir, 'old.dump')
  await look(from, async (database) => {
    await new Migrator({ db: database.db, provider: stepProvider }).migrateTo('0001-signups')
    await database.db.insertInto('lists').values({ slug: 'old', name: 'Old', locale: 'en' }).execute()
    expect(await dumpInstallation(sourceOf(database), old)).toMatchObject({ kind: 'dumped' })
  })
  expect(await restoreInto(to, old)).toMatchObject({ kind: 'restored' })
  await look(to, async ({ db }) => {
    expect(await isMigrated(db)).toBe(true)
    expect(await db.selectFrom('lists').select('slug').orderBy('id').execute()).toEqual([
      { slug: 'default' },
      { slug: 'old' },
    ])
    expect(await db.selectFrom('relay').selectAll().execute()).toHaveLength(1)
  })
})

test('a dump is for its owner alone, and never written over another', async () => {
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const outcome = await dumpInstallation(sourceOf(source.database), file)
  expect(outcome).toMatchObject({ kind: 'refused', why: expect.stringContaining('is there already') })
})

test('a dump that did not become whole leaves no file', async () => {
  const none = join(dir, 'none.dump')
  const signal = AbortSignal.abort(new Error('stop'))
  await expect(dumpInstallation({ ...sourceOf(source.database), signal }, none)).rejects.toThrow('stop')
  await expect(stat(none)).rejects.toThrow('ENOENT')
  const bare = await makeBareDatabase()
  const outcome = await look(bare, (database) => dumpInstallation(sourceOf(database), none))
  expect(outcome).toMatchObject({ kind: 'refused', why: expect.stringContaining('nothing to dump') })
  await expect(stat(none)).rejects.toThrow('ENOENT')
})

test('a dump shows one moment, whatever is written meanwhile', async () => {
  const { db } = source.database
  const moment = join(dir, 'moment.dump')
  let isDone = false
  const write = async () => {
    while (!isDone) await db.transaction().execute((trx) => insertPending(trx))
  }
  const writing = Promise.all([write(), write()])
  await dumpInstallation(sourceOf(source.database), moment)
  isDone = true
  await writing
  const url = await emptyCopy()
  await restoreInto(url, moment)
  const { rows } = await look(url, ({ db }) =>
    sql`select from signups s where not exists (select from letters where signup_id = s.id)`.execute(db),
  )
  expect(rows).toEqual([])
})

test('every table of ours is either dumped or left out on purpose', async () => {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'
      and relname not like 'kysely%'`.execute(source.database.db)
  const known = [...dumpedTables, ...leftOutTables].toSorted()
  expect(rows.map(({ name }) => name).toSorted()).toEqual(known)
  expect(await appliedSteps(source.database.db)).toEqual(Object.keys(await stepProvider.getMigrations()))
})
