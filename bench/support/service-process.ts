// The service as operators run it: a process of its own, started from src/main.ts with settings in its environment.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export type ServiceProcess = {
  /** Null without the role http. */
  readonly url: string | null
  readonly pid: number
  /** The sum of all samples of a metric whose labels match. */
  metric(name: string, labels?: string): Promise<number>
  stop(): Promise<void>
}

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const adminToken = 'admin-token-of-the-benchmark'
const mostLinesShown = 5
export const secretKey = 'secret-key-of-the-benchmark-long-enough'

/** What `npm start` tells Node: package.json is the one place that says so. */
async function startFlags(): Promise<string[]> {
  const file = await readFile(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')
  const { scripts } = JSON.parse(file) as { scripts: { start: string } }
  return scripts.start.split(' ').filter((word) => word.startsWith('--max-'))
}

/** BENCH_NODE_FLAGS (`--cpu-prof --cpu-prof-dir=/tmp/profile`, say) are put before the service's file. */
export async function startServiceProcess(
  settings: Record<string, string>,
  ownFlags: readonly string[] = [],
): Promise<ServiceProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ayes-bench-data-'))
  const more = (process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter((flag) => flag !== '')
  const flags = [...(await startFlags()), ...ownFlags, ...more]
  const child = spawn(process.execPath, [...flags, main], {
    // No .env file of the one who runs the benchmark is read.
    cwd: dataDir,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      DATA_DIR: dataDir,
      ADMIN_TOKEN: adminToken,
      SECRET_KEY: secretKey,
      LOG_LEVEL: 'warn',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const abandon = () => {
    child.kill('SIGKILL')
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', abandon)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-4_000)
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const lines = createInterface({ input: child.stdout })
  const first = new Promise<string>((resolve) => lines.once('line', resolve))
  let shown = 0
  lines.on('line', (line) => {
    if (!line.includes('"event":"listening"') && shown++ < mostLinesShown) console.error(`service: ${line}`)
  })
  const line = await Promise.race([first, ended.then((code) => Promise.reject(cannotStart(code, said)))])
  const url = urlIn(line)
  return {
    url,
    pid: child.pid ?? 0,
    async metric(name, labels = '') {
      const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${adminToken}` } })
      return sumOf(await answer.text(), name, labels)
    },
    async stop() {
      process.off('exit', abandon)
      child.kill('SIGTERM')
      await ended
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function cannotStart(code: number | null, said: string): Error {
  return new Error(`the service ended with ${code} before it was ready:\n${said}`)
}

function urlIn(line: string): string | null {
  const read: unknown = JSON.parse(line)
  if (typeof read !== 'object' || read === null || !('url' in read)) return null
  return typeof read.url === 'string' ? read.url : null
}

function sumOf(text: string, name: string, labels: string): number {
  return text
    .split('\n')
    .filter((line) => (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}
