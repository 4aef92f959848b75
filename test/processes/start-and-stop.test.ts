// The service as somebody at a terminal meets it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { eventually } from '../support/letters.ts'
import { environment, makeDataDir, root, startProcess } from '../support/service-process.ts'

const dirs: string[] = []
afterEach(async () => {
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true, maxRetries: 10 })
})

async function dataDir(): Promise<string> {
  const dir = await makeDataDir()
  dirs.push(dir)
  return dir
}

test('the first line says where it listens, and the second start is ready within three seconds', async () => {
  const DATA_DIR = await dataDir()
  const first = await startProcess({ DATA_DIR })
  expect(JSON.parse(first.stdout[0] ?? '')).toMatchObject({ event: 'listening', url: first.url })
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200)
  expect(await first.stop()).toBe(0)
  const start = performance.now()
  const second = await startProcess({ DATA_DIR })
  const seconds = (performance.now() - start) / 1000
  expect(await second.stop('SIGINT')).toBe(0)
  // a bound for a loaded machine, not the figure
  expect(seconds).toBeLessThan(10)
})

test('start-up names form, mailbox and token in plain words, and shows the token on a terminal only', async () => {
  const DATA_DIR = await dataDir()
  const service = await startProcess({ DATA_DIR })
  await eventually(async () => service.stderr.some((line) => line.includes('admin token')))
  const words = service.stderr.join('\n')
  const token = (await readFile(join(DATA_DIR, 'admin-token'), 'utf8')).trim()
  expect(words).toContain(`${service.url}/forms/default`)
  expect(words).toContain(`${service.url}/dev/mailbox`)
  expect(words).toContain(join(DATA_DIR, 'admin-token'))
  expect(words).not.toContain(token)
  expect((await stat(join(DATA_DIR, 'admin-token'))).mode & 0o777).toBe(0o600)
  expect((await stat(join(DATA_DIR, 'secret-key'))).mode & 0o777).toBe(0o600)
  await service.stop()
  expect([...service.stdout, ...service.stderr].join('\n')).not.toContain(token)
})

test('every wrong setting is named at once, and the process ends with 78 before it opens a port', async () => {
  const child = spawn(process.execPath, ['--import', './require-node.mjs', 'src/main.ts'], {
    cwd: root,
    env: environment({ PORT: 'many', CONFIRM_WITHIN: 'soon', BOUNCE_LISTEN: 'lmtp://127.0.0.1' }),
  })
  let words = ''
  child.stderr.on('data', (chunk) => {
    words += String(chunk)
  })
  const [code] = await once(child, 'exit')
  expect(code).toBe(78)
  for (const name of ['PORT', 'CONFIRM_WITHIN', 'BOUNCE_LISTEN']) expect(words).toContain(name)
})

test('a signal to npm start, and the same again to its group, ends both with 0', async () => {
  const DATA_DIR = await dataDir()
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: { ...environment({ DATA_DIR }), HOME: DATA_DIR },
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let out = ''
  child.stdout.on('data', (chunk) => {
    out += String(chunk)
  })
  await eventually(async () => out.includes('"listening"'), 'the service')
  const { pid } = child
  if (pid === undefined) throw new Error('npm did not start')
  process.kill(-pid, 'SIGTERM')
  process.kill(-pid, 'SIGTERM')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
  expect(out).toContain('"stopped"')
})

test('a port that is taken is said in words', async () => {
  const service = await startProcess({ DATA_DIR: await dataDir() })
  const { port } = new URL(service.url)
  await expect(startProcess({ DATA_DIR: await dataDir(), PORT: port })).rejects.toThrow(
    /ended with 1: .*port/is,
  )
  await service.stop()
})
