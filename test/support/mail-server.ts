// Real mail servers on loopback, each in a folder of its own: what a test wants of one, whichever program it is.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './letters.ts'
import { openTalk } from './smtp-talk.ts'

export type MailServerPlan = {
  readonly port: number
  /** What it is final for: boxes that exist, one that is full, and addresses that lead elsewhere. */
  readonly domain: string
  readonly boxes: readonly string[]
  readonly fullBox?: string
  readonly forwards?: Readonly<Record<string, string>>
  /** Where mail for other domains goes; nothing else is relayed. */
  readonly routes?: Readonly<Record<string, { protocol: 'smtp' | 'lmtp'; port: number }>>
  readonly smtputf8: boolean
  /** Takes mail only from senders whose own server knows them, and asks it. */
  readonly asksBack?: boolean
}

export type MailServer = {
  readonly url: string
  /** Every message that was delivered to the box. */
  delivered(box: string): Promise<string[]>
  log(): Promise<string>
  close(): Promise<void>
}

export type MailServerProgram = {
  /** Null where it can be run here, else what is missing. */
  readonly missing: string | null
  start(plan: MailServerPlan): Promise<MailServer>
}

/** The first of these programs that is there. */
export function findProgram(...paths: string[]): string | null {
  for (const path of paths) {
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // the next one
    }
  }
  return null
}

/** Mail servers change to users of their own, which only root may. */
export const isRoot = process.getuid?.() === 0

/** A folder that those users can reach. */
export async function makeFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `ayes-${name}-`))
  await chmod(folder, 0o755)
  return folder
}

/**
 * Mail servers cannot be told to take any free port. This one is below those that the system gives out, so that nobody
 * else gets it before the mail server does.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

export type Daemon = { stop(): Promise<void> }

/** Resolves when the program greets on the port. It is ended by the process that its `pidFile` names. */
export async function startDaemon(
  command: readonly [string, ...string[]],
  { port, log, pidFile }: { port: number; log: string; pidFile: string },
): Promise<Daemon> {
  const [program, ...args] = command
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (words += String(chunk)))
  const ended = once(child, 'exit')
  let isOver = false
  ended.then(() => (isOver = true)).catch(() => (isOver = true))
  await eventually(async () => {
    if (isOver) throw new Error(`${program} ended: ${words}${await readOrNothing(log)}`)
    const talk = await openTalk(`smtp://127.0.0.1:${port}`).catch(() => null)
    if (talk === null) return false
    const greeting = await talk.reply().catch(() => '')
    talk.write('QUIT\r\n')
    return greeting.startsWith('220')
  }, program)
  return {
    async stop() {
      const pid = Number(await readFile(pidFile, 'utf8'))
      process.kill(pid, 'SIGTERM')
      await eventually(async () => !isRunning(pid), `the end of ${program}`)
      await ended
    },
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The messages in a Maildir. */
export async function readMaildir(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'new')).catch(() => [])
  return Promise.all(names.map((name) => readFile(join(folder, 'new', name), 'utf8')))
}

/** The numbers of a user and its group. */
export async function userIds(name: string): Promise<[uid: number, gid: number]> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((one) => one.startsWith(`${name}:`))
  const [, , uid, gid] = (line ?? '').split(':')
  if (uid === undefined || gid === undefined) throw new Error(`there is no user ${name}`)
  return [Number(uid), Number(gid)]
}

export async function readOrNothing(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}

export async function removeFolder(folder: string): Promise<void> {
  // Processes that the server had started may still write their last lines.
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}
