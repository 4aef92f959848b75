// Who the server runs as: PostgreSQL refuses to run as root, and an existing cluster's owner decides.
import type { SpawnOptions } from 'node:child_process'
import { chmod, chown, readFile, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type Binaries, copyBinaries } from './binaries.ts'
import { OwnPostgresRefusal } from './refusal.ts'
import { bareEnvironment, type ProgramEnd, runProgram } from './run-program.ts'

/** `uid` and `gid` are what files of the server carry, seen from outside; `before` precedes its command. */
export type ServerUser = { uid: number; gid: number; before: readonly string[]; options: SpawnOptions }
export type Owner = { uid: number; gid: number }
type Place = { dataDir: string; binaries: Binaries }
type Choice = { user: ServerUser; binaries: Binaries }

export function runAs(user: ServerUser, file: string, args: readonly string[]): Promise<ProgramEnd> {
  const [program, rest] = commandOf(user, file, args)
  return runProgram(program, rest, user.options)
}

export function commandOf(user: ServerUser, file: string, args: readonly string[]): [string, string[]] {
  const [first, ...rest] = [...user.before, file]
  return [first ?? file, [...rest, ...args]]
}

export async function chooseServerUser(place: Place, clusterOwner: Owner | null): Promise<Choice> {
  const me = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 }
  if (clusterOwner === null) return me.uid === 0 ? forNewClusterOfRoot(place, me) : forNewCluster(place, me)
  if (clusterOwner.uid === me.uid) {
    if (me.uid !== 0) return { user: plain(me), binaries: place.binaries }
    const tried = await tryUser(place, await inNamespace(me))
    if (tried.ok) return tried.choice
    throw new OwnPostgresRefusal(
      `The database in ${place.dataDir} belongs to root, and PostgreSQL does not run as root. A user namespace ` +
        `would do, but: ${tried.why}. Allow unprivileged user namespaces (util-linux "unshare --user"), or give ` +
        `the database to an ordinary user (chown -R nobody ${join(place.dataDir, 'postgres')}).`,
    )
  }
  refuseForeignCluster(place.dataDir, clusterOwner)
  const tried = await tryOther(place, clusterOwner)
  if (tried.ok) return tried.choice
  throw new OwnPostgresRefusal(
    `The database in ${place.dataDir} belongs to user ${clusterOwner.uid}, who cannot run it: ${tried.why}.`,
  )
}

export function refuseForeignCluster(dataDir: string, owner: Owner): void {
  const me = process.geteuid?.() ?? 0
  if (me === 0 || me === owner.uid) return
  throw new OwnPostgresRefusal(
    `The database in ${dataDir} belongs to user ${owner.uid} and this is user ${me}: run Ayes as that user, or set ` +
      'DATA_DIR to another folder.',
  )
}

async function forNewCluster(place: Place, me: Owner): Promise<Choice> {
  // initdb wants a name for its user; a container started with --user 12345 has none.
  if (hasName()) return { user: plain(me), binaries: place.binaries }
  const tried = await tryUser(place, await inNamespace(me))
  if (tried.ok) return tried.choice
  throw new OwnPostgresRefusal(
    `User ${me.uid} has no entry in /etc/passwd, which PostgreSQL needs to make its database (${tried.why}). Run ` +
      'Ayes as a user that has one, or set DATABASE_URL.',
  )
}

async function forNewClusterOfRoot(place: Place, me: Owner): Promise<Choice> {
  const namespace = await tryUser(place, await inNamespace(me))
  if (namespace.ok) return namespace.choice
  const nobody = await tryNobody(place)
  if (nobody.ok) return nobody.choice
  throw new OwnPostgresRefusal(
    `PostgreSQL does not run as root. Two ways around were tried for DATA_DIR ${place.dataDir}: in a user namespace ` +
      `("unshare --user": ${namespace.why}); as the user nobody (${nobody.why}). Run Ayes as an ordinary user, ` +
      'set DATA_DIR to a folder that all users can reach (/var/lib/ayes), or set DATABASE_URL.',
  )
}

type Tried = { ok: true; choice: Choice } | { ok: false; why: string }

// Seeing whether the user reaches the folder comes first: the copy of the binaries costs 60 MB.
async function tryUser(place: Place, user: ServerUser): Promise<Tried> {
  const reach = await runAs(user, '/bin/sh', ['-c', 'cd "$1"', 'sh', place.dataDir])
  if (!reach.ok) return { ok: false, why: reach.output || `user ${user.uid} cannot enter ${place.dataDir}` }
  const runs = (binaries: Binaries) => runAs(user, join(binaries.folder, 'postgres'), ['--version'])
  if ((await runs(place.binaries)).ok) return { ok: true, choice: { user, binaries: place.binaries } }
  const binaries = await copyBinaries(place.binaries, place.dataDir)
  const second = await runs(binaries)
  return second.ok ? { ok: true, choice: { user, binaries } } : { ok: false, why: second.output }
}

async function tryNobody(place: Place): Promise<Tried> {
  const [uid, gid] = [await runProgram('id', ['-u', 'nobody']), await runProgram('id', ['-g', 'nobody'])]
  if (!uid.ok || !gid.ok) return { ok: false, why: uid.output || gid.output }
  return tryOther(place, { uid: Number(uid.output), gid: Number(gid.output) })
}

// Where DATA_DIR is closed it stays root's: the other's group may pass through it and see nothing.
async function tryOther(place: Place, other: Owner): Promise<Tried> {
  const asItIs = await tryUser(place, as(other))
  const before = await stat(place.dataDir)
  if (asItIs.ok || before.uid !== 0) return asItIs
  await chown(place.dataDir, before.uid, other.gid)
  await chmod(place.dataDir, (before.mode & 0o7707) | 0o010)
  const opened = await tryUser(place, as(other))
  if (!opened.ok) {
    await chown(place.dataDir, before.uid, before.gid)
    await chmod(place.dataDir, before.mode & 0o7777)
  }
  return opened
}

function plain(me: Owner): ServerUser {
  return { ...me, before: [], options: { env: bareEnvironment } }
}

function as(owner: Owner): ServerUser {
  return { ...owner, before: [], options: { env: bareEnvironment, uid: owner.uid, gid: owner.gid } }
}

async function inNamespace(me: Owner): Promise<ServerUser> {
  const id = await namedUser()
  const before = ['unshare', '--user', `--map-user=${id}`, `--map-group=${id}`]
  return { ...me, before, options: { env: bareEnvironment } }
}

// Inside the namespace any id would do, but initdb wants one with a name.
async function namedUser(): Promise<number> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const ids = passwd.split('\n').map((line) => Number(line.split(':')[2] ?? 0))
  return ids.includes(1000) ? 1000 : (ids.find((id) => id > 0) ?? 1000)
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}
