// The time before it listens: a database that comes later, a signal that comes too early, a reader that goes away.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { copyTemplate } from '../support/database.ts'
import { type Line, openLine, throughLine } from '../support/database-line.ts'
import { eventually } from '../support/letters.ts'
import { environment, makeDataDir, root } from '../support/service-process.ts'

let line: Line
let database: Awaited<ReturnType<typeof copyTemplate>>
let DATA_DIR: string
let started: ChildProcess[]

beforeAll(async () => {
  database = await copyTemplate()
  line = await openLine(database.url)
})
afterAll(async () => {
  await line.close()
  await database.drop()
})
beforeEach(async () => {
  DATA_DIR = await makeDataDir()
  started = []
})
afterEach(async () => {
  for (const child of started) child.kill('SIGKILL')
  await rm(DATA_DIR, { recursive: true, force: true, maxRetries: 10 })
})

function start(settings: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', './require-node.mjs', 'src/main.ts'], {
    cwd: root,
    env: environment({ DATA_DIR, ...settings }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  const said: string[] = []
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (text) => said.push(text))
  }
  const has = (words: string) => eventually(async () => said.some((text) => text.includes(words)), words)
  return { child, said, has, ended: once(child, 'exit').then(([code]) => Number(code)) }
}

const given = () => ({
  DATABASE_URL: throughLine(database.url, line),
  ADMIN_TOKEN: 'an-admin-token-for-the-tests',
  SECRET_KEY: 'a secret key for the tests that is long enough',
})

test('a database that comes later is waited for', async () => {
  await line.cut()
  const service = start(given())
  await service.has('waiting for it')
  expect(service.said.join('\n')).toContain('DATABASE_URL')
  await line.mend()
  await service.has('"listening"')
  service.child.kill('SIGTERM')
  expect(await service.ended).toBe(0)
})

test('a signal while it waits ends it', async () => {
  await line.cut()
  const service = start(given())
  await service.has('waiting for it')
  service.child.kill('SIGTERM')
  expect(await service.ended).toBe(0)
  await line.mend()
  expect(service.said.join('\n')).not.toContain('listening')
})

test('a signal while another process migrates ends it, and it never goes into operation', async () => {
  const other = new pg.Client({ connectionString: database.url })
  await other.connect()
  // the lock that kysely's migrator takes
  await other.query('begin; select pg_advisory_xact_lock(3853314791062309107)')
  const service = start(given())
  await eventually(async () => {
    const { rows } = await other.query(
      `select from pg_locks where locktype = 'advisory' and not granted and
        database = (select oid from pg_database where datname = current_database())`,
    )
    return rows.length > 0
  }, 'somebody who waits for the lock')
  service.child.kill('SIGTERM')
  expect(await service.ended).toBe(0)
  await other.end()
  expect(service.said.join('\n')).not.toContain('listening')
}, 30_000)

test('who read its output may go away', async () => {
  const service = start({})
  // so soon that the words of the start are written to nobody
  service.child.stderr?.destroy()
  await service.has('"listening"')
  const url = /"url":"([^"]+)"/.exec(service.said.join('\n'))?.[1]
  service.child.stdout?.destroy()
  for (let n = 0; n < 3; n++) {
    const answer = await fetch(`${url}/signups`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `refuse-5.1.${n}@example.com` }),
    })
    expect(answer.status).toBe(202)
  }
  service.child.kill('SIGTERM')
  expect(await service.ended).toBe(0)
})
