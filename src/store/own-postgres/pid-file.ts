// postmaster.pid: who serves a cluster, and whether that is still true.
import { link, readFile, readlink, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from './refusal.ts'
import { runProgram } from './run-program.ts'

export type PidFile = { pid: number; socketDirectory: string | null }
/** `serving`: a postgres of this cluster (or one that may be); `unrelated`: a living process that is none. */
export type Occupant = 'gone' | 'serving' | 'unrelated'

export async function readPidFile(cluster: string): Promise<PidFile | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const lines = text.split('\n')
  const pid = Number.parseInt(lines[0] ?? '', 10)
  // A file in the making is empty, or lacks the later lines.
  return pid > 1 ? { pid, socketDirectory: lines[4]?.trim() || null } : null
}

/**
 * The kernel hands pids out again, after a reboot in particular: a living pid proves nothing. A server's
 * working directory is its cluster, so that is compared; where it cannot be seen, the command line decides.
 */
export async function occupantOf(pid: number, cluster: string): Promise<Occupant> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: another user's, and a server belongs to the cluster's owner, who we are (or we are root).
    return codeOf(error) === 'ESRCH' ? 'gone' : 'unrelated'
  }
  if (process.platform !== 'linux') return occupantByPs(pid, cluster)
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (status === null) return 'gone'
  // A zombie answers to kill although nothing runs: its parent does not collect it (PID 1 of a container).
  if (/^[ZX]/.test(status.slice(status.lastIndexOf(')') + 2))) return 'unrelated'
  const [here, there] = [await stat(cluster), await stat(`/proc/${pid}/cwd`).catch(() => null)]
  if (there !== null) return here.dev === there.dev && here.ino === there.ino ? 'serving' : 'unrelated'
  const gone = await readlink(`/proc/${pid}/exe`).catch((error: unknown) => codeOf(error))
  if (gone === 'ENOENT') return 'gone'
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null)
  return command === null || command.includes('postgres') ? 'serving' : 'unrelated'
}

async function occupantByPs(pid: number, cluster: string): Promise<Occupant> {
  const shown = await runProgram('ps', ['-ww', '-o', 'stat=,command=', '-p', String(pid)])
  if (!shown.ok) return 'gone'
  if (shown.output.startsWith('Z')) return 'unrelated'
  return shown.output.includes('postgres') && shown.output.includes(cluster) ? 'serving' : 'unrelated'
}

/** Takes a lock file away whose pid lives but serves something else. PostgreSQL itself sees to dead pids. */
export async function removeStaleLock(file: string, cluster: string): Promise<boolean> {
  const pid = await pidIn(file)
  if (pid === null || (await occupantOf(pid, cluster)) !== 'unrelated') return false
  // Between judging and removing, a server may have put its own file there: move, look again, put back.
  const aside = `${file}.stale-${process.pid}`
  try {
    await rename(file, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
  const moved = await pidIn(aside)
  if (moved !== pid) await link(aside, file).catch(() => {})
  await rm(aside, { force: true })
  return moved === pid
}

async function pidIn(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  const pid = Number.parseInt(text ?? '', 10)
  return pid > 1 ? pid : null
}
