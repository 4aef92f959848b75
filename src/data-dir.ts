// The directory of what is ours on this machine: the cluster, generated secrets, the dev mailbox.
import { randomUUID } from 'node:crypto'
import { chmod, link, mkdir, open, readdir, readFile, realpath, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** The settings name a place that cannot be used: exit status 78. */
export class DataDirRefusal extends Error {
  override readonly name = 'DataDirRefusal'
}

export type DataDir = {
  /** Absolute, without symbolic links. */
  path: string
  /** What somebody should know about it, in words. */
  notices: string[]
}

export type OwnSecret = { secret: string; file: string; isNew: boolean; notices: string[] }

const hasModes = process.platform !== 'win32'

/**
 * Makes the directory with mode 0700. One that is there already and holds something is left as it is: it may be
 * somebody's home, and everything of ours in it has modes of its own.
 */
export async function openDataDir(given: string): Promise<DataDir> {
  const wanted = resolve(given)
  const made = await makeDirectory(wanted)
  const path = await realpath(wanted)
  const found = await stat(path)
  if (!found.isDirectory()) throw notADirectory(path)
  const notices: string[] = []
  if (!made && hasModes && (found.mode & 0o077) !== 0) {
    if ((await readdir(path)).length === 0 && isOurs(found.uid)) await chmod(path, 0o700)
    else if ((found.mode & 0o022) !== 0) {
      notices.push(`DATA_DIR ${path} can be written to by others: "chmod 700 ${path}" keeps it to its owner`)
    }
  }
  return { path, notices }
}

/** True if it was not there. Step by step: below /proc, which takes no directory, Node's own `recursive` never ends. */
async function makeDirectory(path: string): Promise<boolean> {
  const missing: string[] = []
  for (let at = path; !(await isThere(at)); at = dirname(at)) missing.unshift(at)
  try {
    for (const step of missing) await mkdir(step, { mode: 0o700 }).catch(unlessThere)
    return missing.length > 0
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOTDIR') throw notADirectory(path)
    throw new DataDirRefusal(
      `DATA_DIR ${path} cannot be made (${code}): write a path that this user may write to, or make the directory for it`,
      { cause: error },
    )
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR',
  )
}

/** Another process that starts with us may have made it. */
function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error
}

/**
 * The secret in the file `name`, made on first use with mode 0600. Whoever comes first wins: the file appears
 * whole, under its name, once, and everybody else reads it.
 */
export async function ownSecret(dir: DataDir, name: string, make: () => string): Promise<OwnSecret> {
  const file = join(dir.path, name)
  const found = await readSecret(file)
  if (found !== null) return { ...found, file, isNew: false }
  const isNew = await writeOnce(dir.path, file, make())
  const written = await readSecret(file)
  if (written === null) throw new DataDirRefusal(`${file} went away while it was being read: start again`)
  return { ...written, file, isNew }
}

/** Puts a secret in the place of whatever the file `name` held: the old or the new, never a part of one. */
export async function putSecret(dir: DataDir, name: string, secret: string): Promise<string> {
  const file = join(dir.path, name)
  const temporary = join(dir.path, `.new-secret-${randomUUID()}`)
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(`${secret}\n`)
    await handle.sync()
    await rename(temporary, file)
    await syncDirectory(dir.path)
    return file
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw new DataDirRefusal(`${file} cannot be written (${codeOf(error)}): give DATA_DIR to this user`, {
      cause: error,
    })
  } finally {
    await handle.close()
  }
}

async function readSecret(file: string): Promise<{ secret: string; notices: string[] } | null> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw new DataDirRefusal(
      `${file} cannot be read (${codeOf(error)}): give it to the user that runs the service`,
      {
        cause: error,
      },
    )
  }
  const secret = text.trim()
  if (secret === '') {
    throw new DataDirRefusal(
      `${file} is empty: put the secret back, or delete the file to have a new one made`,
    )
  }
  return { secret, notices: await closeToOthers(file) }
}

/** Mended rather than refused: a copied or restored directory often has lost its modes. */
async function closeToOthers(file: string): Promise<string[]> {
  const mode = (await stat(file)).mode & 0o777
  if (!hasModes || (mode & 0o077) === 0) return []
  const was = `${file} had mode ${mode.toString(8)}, so others on this machine may have read it`
  try {
    await chmod(file, 0o600)
    return [`${was}: it is 600 now`]
  } catch (error) {
    return [`${was}, and it cannot be changed (${codeOf(error)}): "chmod 600 ${file}" as its owner`]
  }
}

/** False where another process was first. A link either makes the whole file visible or fails. */
async function writeOnce(dir: string, file: string, secret: string): Promise<boolean> {
  const temporary = join(dir, `.new-secret-${randomUUID()}`)
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(`${secret}\n`)
    await handle.sync()
    await link(temporary, file)
    await syncDirectory(dir)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw new DataDirRefusal(
      `${file} cannot be written (${codeOf(error)}): DATA_DIR must be on a disk of this machine with room left`,
      {
        cause: error,
      },
    )
  } finally {
    await handle.close()
    await unlink(temporary)
  }
}

// Without it a power cut may leave a database whose links are signed by a key that is gone.
async function syncDirectory(path: string): Promise<void> {
  if (!hasModes) return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function isOurs(uid: number): boolean {
  return uid === process.getuid?.()
}

function notADirectory(path: string): Error {
  return new DataDirRefusal(`DATA_DIR ${path} is not a directory: write the path of one, or of nothing yet`)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
