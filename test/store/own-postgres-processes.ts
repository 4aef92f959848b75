import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { beforeAll, onTestFinished } from 'vitest'
import { occupantOf, readPidFile } from '../../src/store/own-postgres/pid-file.ts'
import { socketDirectoryOf } from '../../src/store/own-postgres/socket-directory.ts'
import { joinOwnPostgres } from '../../src/store/own-postgres.ts'

const holderScript = join(import.meta.dirname, 'own-postgres-holder.ts')

export type Said = { event: string; host?: string; user?: string; database?: string; message?: string }

/** A process that holds the server of a DATA_DIR, as a service or a command does. */
export type Holder = {
  child: ChildProcess
  said: Said[]
  /** The first line of that event from now on, or the end of the process if that comes first. */
  until(event: string): Promise<Said>
  joined(): Promise<Said>
  leave(): Promise<number | null>
  kill(): Promise<void>
  ended: Promise<number | null>
}

export type HolderOptions = SpawnOptions & { binariesFrom?: string; through?: readonly string[] }

export function startHolder(dataDir: string, options: HolderOptions = {}): Holder {
  const { binariesFrom, through = [], ...spawnOptions } = options
  const command = [...through, process.execPath, holderScript, dataDir]
  if (binariesFrom !== undefined) command.push(binariesFrom)
  const [program = process.execPath, ...args] = command
  const child = spawn(program, args, { ...spawnOptions, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close').then(() => child.exitCode)
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const said: Said[] = []
  let waiting: (() => void)[] = []
  if (child.stdout === null) throw new Error('The holder has no standard output')
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(JSON.parse(line))
    const now = waiting
    waiting = []
    for (const wake of now) wake()
  })
  const until = async (event: string, from = said.length): Promise<Said> => {
    let next = from
    for (;;) {
      for (; next < said.length; next += 1) {
        const line = said[next]
        if (line?.event === event) return line
      }
      const more = new Promise<'more'>((resolve) => waiting.push(() => resolve('more')))
      const first = await Promise.race([more, ended])
      if (first !== 'more') throw new Error(`Ended with ${first} before "${event}": ${JSON.stringify(said)}`)
    }
  }
  return {
    child,
    said,
    ended,
    until: (event) => until(event),
    joined: () => until('joined', 0),
    leave: () => {
      child.stdin?.end()
      return ended
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** A folder for DATA_DIRs that all users may reach; it and what still serves from it go with the test. */
export async function freshFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'ayes-own-')))
  await chmod(folder, 0o755)
  onTestFinished(async () => {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory() && entry.name === 'postgres') await clear(entry.parentPath)
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  })
  return folder
}

/**
 * Making a cluster takes longer than all the rest: tests that are not about that take a copy of one.
 * Call it once in a file; what it returns makes a DATA_DIR at the given place or in a folder of its own.
 */
export function useTemplate(): (dataDir?: string) => Promise<string> {
  let template = ''
  beforeAll(async () => {
    template = await mkdtemp(join(tmpdir(), 'ayes-template-'))
    const own = await joinOwnPostgres({ dataDir: template })
    await own.leave()
    await rm(own.connection.host, { recursive: true })
    return () => rm(template, { recursive: true })
  })
  return async (dataDir) => {
    const target = dataDir ?? join(await freshFolder(), 'data')
    execFileSync('cp', ['-a', template, target])
    return target
  }
}

async function clear(dataDir: string): Promise<void> {
  const cluster = join(dataDir, 'postgres')
  const file = await readPidFile(cluster)
  if (file !== null && (await occupantOf(file.pid, cluster)) === 'serving') process.kill(file.pid, 'SIGKILL')
  await rm(socketDirectoryOf(dataDir, await stat(cluster)), { recursive: true, force: true, maxRetries: 10 })
}

export function serverPid(dataDir: string): number {
  return Number.parseInt(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10)
}

/** Not by kill alone: a server that nobody collects stays in the table of processes when it has ended. */
export async function isServing(pid: number, dataDir: string): Promise<boolean> {
  return (await occupantOf(pid, join(dataDir, 'postgres'))) === 'serving'
}

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** Runs a statement as the service does, on a connection of its own. */
export async function ask(joined: Said, sql: string): Promise<unknown[]> {
  const client = new pg.Client({
    host: joined.host ?? '',
    port: 5432,
    user: joined.user ?? '',
    database: joined.database ?? '',
  })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows
  } finally {
    await client.end().catch(() => {})
  }
}

export async function entriesOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort()
}
