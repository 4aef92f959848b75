import { join } from 'node:path'
import { occupantOf, readPidFile, removeStaleLock } from './pid-file.ts'
import { codeOf, messageOf, OwnPostgresRefusal } from './refusal.ts'
import { connect, port, type Session, serves, superuser } from './session.ts'

/** `busy`: a server is coming up or going down, or does not answer; look again in a moment. */
export type Finding =
  | { kind: 'server'; client: Session; host: string }
  | { kind: 'busy'; pid: number; progress: boolean }
  | { kind: 'none' }

// What a server says while it starts, recovers, stops or drops its sessions.
const passing = ['57P03', '57P01', '57P02', '53300', '55P03', 'ECONNRESET', 'EPIPE']
const absent = ['ENOENT', 'ECONNREFUSED']

// pg gives no code to a connection that ends or hangs while it is used or made.
const ending = /^(Connection terminated|timeout exp|Client (was closed|has encountered))/i

export function isPassing(error: unknown): boolean {
  const code = codeOf(error)
  return code === null ? ending.test(messageOf(error)) : [...passing, ...absent].includes(code)
}

/** Finds the server of a cluster by the one trace that cannot name another: a connection that says so. */
export async function findServer(cluster: string): Promise<Finding> {
  const file = await readPidFile(cluster)
  if (file === null) return { kind: 'none' }
  if (file.socketDirectory !== null) {
    const answer = await ask(file.socketDirectory, cluster)
    if (answer.kind === 'server') return answer
    if (answer.kind === 'passing') return { kind: 'busy', pid: file.pid, progress: true }
  }
  const occupant = await occupantOf(file.pid, cluster)
  if (occupant === 'serving') return { kind: 'busy', pid: file.pid, progress: false }
  if (occupant === 'unrelated') await removeStaleLock(join(cluster, 'postmaster.pid'), cluster)
  return { kind: 'none' }
}

/** The socket has a lock file of its own, which a pid handed out anew would block in the same way. */
export async function clearSocketLock(socketDirectory: string, cluster: string): Promise<void> {
  await removeStaleLock(join(socketDirectory, `.s.PGSQL.${port}.lock`), cluster)
}

type Answer = { kind: 'server'; client: Session; host: string } | { kind: 'passing' } | { kind: 'silent' }

async function ask(host: string, cluster: string): Promise<Answer> {
  let client: Session | null = null
  try {
    client = await connect(host, superuser, 'postgres')
    if (await serves(client, cluster)) return { kind: 'server', client, host }
    await client.end()
    return { kind: 'silent' }
  } catch (error) {
    await client?.end().catch(() => {})
    if (absent.includes(codeOf(error) ?? '')) return { kind: 'silent' }
    if (isPassing(error)) return { kind: 'passing' }
    if (codeOf(error) === 'EACCES') {
      throw new OwnPostgresRefusal(
        `The database of ${cluster} is running for another user (its socket in ${host} is closed to this one): run ` +
          'Ayes as that user.',
      )
    }
    throw error
  }
}
