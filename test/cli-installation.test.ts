// The command line beside a running service, and a whole move: dumped out of a PostgreSQL of its own, restored into
// another one behind DATABASE_URL, with every link in letters already sent still answered.
import { once } from 'node:events'
import { readFile, rm, stat } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ayes, objectsIn } from './support/command-line.ts'
import { makeBareDatabase } from './support/dumps.ts'
import { letterTo, linkIn } from './support/letters.ts'
import { makeDataDir, type ServiceProcess, startProcess } from './support/service-process.ts'

const oldKey = 'a-key-from-before-which-some-letters-still-carry'
const there = {
  ADMIN_TOKEN: 'admin-token-of-the-other-place',
  SECRET_KEY: 'secret-key-of-the-other-place-is-long-enough',
}

/** Several processes, one after another, each with a start of its own. */
const patient = { timeout: 90_000 }

let settings: { DATA_DIR: string; PORT: string; SECRET_KEYS_OLD: string }
let service: ServiceProcess
let file: string
let links: { confirm: string; notMe: string }
beforeAll(async () => {
  settings = { DATA_DIR: await makeDataDir(), PORT: await freePort(), SECRET_KEYS_OLD: oldKey }
  file = join(settings.DATA_DIR, 'moved.dump')
  service = await startProcess(settings)
  for (const email of ['ann@example.com', 'bob@example.com']) await post(service, '/signups', { email })
  const letter = await letterTo({ fetch: (path, init) => fetch(service.url + path, init) }, 'ann@example.com')
  links = { confirm: linkIn(letter, 'confirm'), notMe: linkIn(letter, 'not-me') }
  expect((await post(service, links.confirm)).status).toBe(200)
})
afterAll(async () => {
  await service.stop()
  await rm(settings.DATA_DIR, { recursive: true, force: true, maxRetries: 10 })
})

/** Links carry the service's URL, so its port must be known before it listens. */
async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return String(port)
}

function post(where: { url: string }, path: string, body: object = {}): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  return fetch(where.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
}

test('the export is the same, byte for byte, as over HTTP, and the next one goes on from there', async () => {
  const token = (await readFile(join(settings.DATA_DIR, 'admin-token'), 'utf8')).trim()
  const url = `${service.url}/api/lists/default/subscribers`
  const overHttp = await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).text()
  const { status, stdout, stderr } = await ayes(['export', 'default'], settings)
  expect([status, stdout]).toEqual([0, overHttp])
  expect(stdout).toContain('ann@example.com')
  expect(stdout).not.toContain('bob@example.com')
  const cursor = /--since (\S+)/.exec(stderr)?.[1] ?? ''
  const next = await ayes(['export', 'default', '--format', 'ndjson', '--since', cursor], settings)
  expect(next).toMatchObject({ status: 0, stdout: '' })
})

test('an export that cannot be says why, and prints nothing', async () => {
  const why = (words: string) => expect.stringContaining(words)
  expect(await ayes(['export', 'none'], settings)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: why('"none"'),
  })
  const since = await ayes(['export', 'default', '--since', 'lately'], settings)
  expect(since).toMatchObject({ status: 64, stdout: '', stderr: why('--since') })
  const portless = await ayes(['export', 'default'], { ...settings, PORT: '0' })
  expect(portless).toMatchObject({ status: 78, stdout: '', stderr: why('PUBLIC_URL') })
})

test('migrating what is up to date says so, and the service lives on', async () => {
  expect(await ayes(['migrate'], settings)).toMatchObject({ status: 0, stdout: '' })
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
})

test('it can be dumped, into a file for its owner alone, and nothing is restored into it', async () => {
  const dumped = await ayes(['dump', file], settings)
  expect(dumped).toMatchObject({ status: 0, stdout: '' })
  expect(dumped.stderr).toContain('2 signups on 1 list ')
  expect(dumped.stderr).toContain('SECRET_KEY')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const { status, stderr } = await ayes(['restore', file], settings)
  expect([status, stderr]).toEqual([1, expect.stringContaining('a running Ayes uses the database')])
})

test('an installation moves, and the links in letters already sent still lead home', patient, async () => {
  const place = {
    ...there,
    DATABASE_URL: await makeBareDatabase(),
    DATA_DIR: await makeDataDir(),
    PORT: await freePort(),
  }
  onTestFinished(() => rm(place.DATA_DIR, { recursive: true, force: true, maxRetries: 10 }))
  const refused = await ayes(['restore', file], place)
  expect(refused).toMatchObject({ status: 1, stdout: '' })
  expect(refused.stderr).toContain('secrets.secret_key and secrets.secret_keys_old[0]')
  const [header = ''] = gunzipSync(await readFile(file))
    .toString()
    .split('\n')
  const { secrets } = JSON.parse(header) as { secrets: { secret_key: string } }
  expect(refused.stderr).not.toContain(secrets.secret_key)

  const withKeys = { ...place, SECRET_KEYS_OLD: `${secrets.secret_key},${oldKey}` }
  const restored = await ayes(['restore', file], withKeys)
  expect(restored.stderr).toContain('Restored 2 signups on 1 list,')
  expect(restored.status).toBe(0)

  const moved = await startProcess(withKeys)
  expect((await post(moved, links.confirm)).status).toBe(200)
  const ended = await ayes(['export', 'default', '--format', 'ndjson'], withKeys)
  expect(objectsIn(ended)).toMatchObject([{ email: 'ann@example.com' }])
  expect((await post(moved, links.notMe)).status).toBe(200)
  expect(await moved.stop()).toBe(0)
})

test('into a DATA_DIR of its own it moves with its secrets', async () => {
  const place = { DATA_DIR: await makeDataDir(), SECRET_KEYS_OLD: oldKey }
  onTestFinished(() => rm(place.DATA_DIR, { recursive: true, force: true, maxRetries: 10 }))
  const restored = await ayes(['restore', file], place)
  expect(restored.status).toBe(0)
  for (const name of ['secret-key', 'admin-token']) {
    const [before, after] = [join(settings.DATA_DIR, name), join(place.DATA_DIR, name)]
    expect(await readFile(after, 'utf8')).toBe(await readFile(before, 'utf8'))
    expect((await stat(after)).mode & 0o777).toBe(0o600)
  }
})

test('migrating a new database prints each step, and exporting before it says what to do', async () => {
  const place = { ...there, DATABASE_URL: await makeBareDatabase(), DATA_DIR: await makeDataDir() }
  onTestFinished(() => rm(place.DATA_DIR, { recursive: true, force: true, maxRetries: 10 }))
  const early = await ayes(['export', 'default'], { ...place, PUBLIC_URL: 'http://localhost:1' })
  expect(early).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('no installation') })
  const { status, stdout } = await ayes(['migrate'], place)
  expect([status, stdout.split('\n').slice(0, 2)]).toEqual([0, ['0001-signups', '0002-letters']])
})
