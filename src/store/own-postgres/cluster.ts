// The cluster's files: looked at before anything is done to them, and made whole or not at all.
import { randomBytes } from 'node:crypto'
import { appendFile, chown, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { codeOf, OwnPostgresRefusal } from './refusal.ts'
import { type Owner, runAs, type ServerUser } from './server-user.ts'

// DETAIL and STATEMENT lines would carry addresses, so the log leaves them out. Parallel workers get their
// memory from a file: /dev/shm is missing or tiny in many containers.
const settings = `
# Ayes: what follows may be changed; the socket and the port are set on the command line.
max_connections = 100
superuser_reserved_connections = 10
shared_buffers = 128MB
dynamic_shared_memory_type = mmap
fsync = on
timezone = 'UTC'
log_timezone = 'UTC'
log_error_verbosity = terse
log_min_error_statement = panic
`

export function clusterIn(dataDir: string): string {
  return join(dataDir, 'postgres')
}

/** The owner of the cluster, or null where there is none yet; anything but a cluster of our version is refused. */
export async function inspectCluster(dataDir: string, binaries: Binaries): Promise<Owner | null> {
  const cluster = clusterIn(dataDir)
  const entries = await readdir(cluster).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    if (codeOf(error) === 'EACCES') return null
    throw error
  })
  const { uid, gid } = entries?.length === 0 ? { uid: 0, gid: 0 } : await stat(cluster)
  if (entries === null) return { uid, gid }
  if (entries.length === 0) return null
  const version = (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  if (version === '') {
    throw new OwnPostgresRefusal(
      `${cluster} is not empty and is no database of PostgreSQL (it has no PG_VERSION). Ayes leaves it alone: ` +
        'move it away, or set DATA_DIR to another folder.',
    )
  }
  if (Number(version) !== binaries.major) {
    throw new OwnPostgresRefusal(
      `The database in ${cluster} was made by PostgreSQL ${version} and this release of Ayes brings ` +
        `${binaries.major}. Nothing was changed. With the release that made it, run "npm run ayes -- dump FILE"; ` +
        'then move the folder away and run "npm run ayes -- restore FILE" with this one.',
    )
  }
  return { uid, gid }
}

const inTheMaking = new Set<string>()

/** Makes the cluster beside its place and moves it there; of two that do so at once, one stays. */
export async function createCluster(dataDir: string, binaries: Binaries, user: ServerUser): Promise<void> {
  const name = `postgres.new-${process.pid}-${randomBytes(4).toString('hex')}`
  const fresh = join(dataDir, name)
  inTheMaking.add(name)
  try {
    await mkdir(fresh, { mode: 0o700 })
    if (user.options.uid !== undefined) await chown(fresh, user.uid, user.gid)
    const made = await runAs(user, join(binaries.folder, 'initdb'), [
      ...['-D', fresh, '--username=postgres', '--auth-local=trust', '--auth-host=reject'],
      ...['--encoding=UTF8', '--no-locale', '--data-checksums', '--no-instructions'],
    ])
    if (!made.ok) throw new Error(`The database could not be made in ${dataDir}: ${made.output.slice(-2000)}`)
    const configuration = join(fresh, 'postgresql.conf')
    await appendFile(configuration, settings)
    await sync(configuration)
    await sync(fresh)
    await rename(fresh, clusterIn(dataDir))
    await sync(dataDir)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error
  } finally {
    inTheMaking.delete(name)
  }
}

/** What processes that died halfway have left behind, and copies of binaries that no server uses any more. */
export async function removeLeftovers(dataDir: string, used: Binaries): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = Number(/^postgres(?:-binaries-.*)?\.new-(\d+)-/.exec(name)?.[1] ?? 0)
    const abandoned = pid > 0 && !inTheMaking.has(name) && (pid === process.pid || !isAlive(pid))
    const outdated =
      /^postgres-binaries-[\w.+-]+$/.test(name) && pid === 0 && join(dataDir, name) !== used.packageDir
    if (abandoned || outdated) await rm(join(dataDir, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

// initdb has synced its own files; the names and what was appended after it are ours to sync.
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}
