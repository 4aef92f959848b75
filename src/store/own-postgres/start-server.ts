import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { clearSocketLock, type Finding, findServer } from './find-server.ts'
import { messageOf } from './refusal.ts'
import { commandOf, type ServerUser } from './server-user.ts'
import { port } from './session.ts'
import { makeSocketDirectory, socketDirectoryOf } from './socket-directory.ts'

const lookEvery = 10
const silencePatience = 30_000
const keptLog = 10 * 1024 * 1024

export type StartPlan = { dataDir: string; cluster: string; binaries: Binaries; user: ServerUser }
/** `memory-in-use`: backends of a server that was killed have not noticed yet. */
export type Start = Finding | { kind: 'memory-in-use' } | { kind: 'failed'; why: string }

/** Starts a server that outlives this process, and returns when it has answered, ended or found another. */
export async function startServer(plan: StartPlan): Promise<Start> {
  const sockets = socketDirectoryOf(plan.dataDir, plan.user)
  await makeSocketDirectory(sockets, plan.user)
  await clearSocketLock(sockets, plan.cluster)
  const logFile = join(plan.dataDir, 'postgres.log')
  await turnOver(logFile)
  // No link is followed: root may be at work here in a folder that belongs to someone else.
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants
  const log = await open(logFile, O_APPEND | O_CREAT | O_NOFOLLOW | O_RDWR, 0o600)
  try {
    if (plan.user.options.uid !== undefined) await log.chown(plan.user.uid, plan.user.gid)
    const before = (await log.stat()).size
    const [program, args] = commandOf(plan.user, join(plan.binaries.folder, 'postgres'), [
      ...['-D', plan.cluster, '-c', 'listen_addresses=', '-c', `port=${port}`],
      ...['-c', `unix_socket_directories=${sockets}`, '-c', 'unix_socket_permissions=0700'],
      ...['-c', 'logging_collector=off', '-c', 'log_destination=stderr'],
    ])
    const child = spawn(program, args, {
      ...plan.user.options,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    child.unref()
    const ended = once(child, 'exit').then(
      () => ({ error: null }),
      (error: unknown) => ({ error: messageOf(error) }),
    )
    for (const begun = Date.now(); ; ) {
      const end = await Promise.race([ended, pause(lookEvery, null)])
      if (end !== null) {
        return await explain(child.pid ?? 0, end.error, await readFrom(log, before), plan.cluster)
      }
      const found = await findServer(plan.cluster)
      if (found.kind === 'server') return found
      if (found.kind === 'busy' && (found.progress || Date.now() - begun > silencePatience)) return found
    }
  } finally {
    await log.close()
  }
}

async function explain(pid: number, error: string | null, text: string, cluster: string): Promise<Start> {
  const own = text.split('\n').filter((line) => line.includes(`[${pid}]`))
  if (own.some((line) => line.includes('pre-existing shared memory block'))) return { kind: 'memory-in-use' }
  // Someone else was quicker: that server is the one to join.
  if (own.some((line) => line.includes('lock file "postmaster.pid"'))) return findServer(cluster)
  return { kind: 'failed', why: error ?? (text.trim().slice(-2000) || 'it ended without a word') }
}

async function readFrom(log: Awaited<ReturnType<typeof open>>, position: number): Promise<string> {
  const { buffer, bytesRead } = await log.read({ buffer: Buffer.alloc(64 * 1024), position })
  return buffer.toString('utf8', 0, bytesRead)
}

async function turnOver(logFile: string): Promise<void> {
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  )
  if (size > keptLog) await rename(logFile, `${logFile}.1`)
}
