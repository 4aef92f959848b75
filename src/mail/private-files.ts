// Files that only the user of the service may read, each complete or not there at all.
import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const temporary = /^\.new-/
// Younger ones may be another process's, which is still writing.
const abandonedAfter = 60_000

/** Makes the folder if it is missing and clears what an interrupted write has left in it. */
export async function openFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await chmod(dir, 0o700)
  for (const name of await readdir(dir)) {
    if (!temporary.test(name)) continue
    const written = await stat(join(dir, name)).catch(() => null)
    if (written !== null && Date.now() - written.mtimeMs > abandonedAfter) await removeFile(dir, name)
  }
}

export async function writeWhole(dir: string, name: string, text: string): Promise<void> {
  const unfinished = `.new-${randomUUID()}`
  try {
    await writeFile(join(dir, unfinished), text, { mode: 0o600, flag: 'wx' })
    await rename(join(dir, unfinished), join(dir, name))
  } catch (error) {
    await removeFile(dir, unfinished)
    throw error
  }
}

/** The strings of a JSON object in a file; null where there is no such file or something else in it. */
export async function readStrings<Name extends string>(
  dir: string,
  name: string,
  wanted: readonly Name[],
): Promise<Record<Name, string> | null> {
  const text = await readFile(join(dir, name), 'utf8').catch(() => null)
  return text === null ? null : stringsOf(text, wanted)
}

export async function namesIn(dir: string, pattern: RegExp): Promise<string[]> {
  return (await readdir(dir)).filter((name) => pattern.test(name)).sort()
}

/** True if it was there. */
export async function removeFile(dir: string, name: string): Promise<boolean> {
  return unlink(join(dir, name)).then(
    () => true,
    () => false,
  )
}

function stringsOf<Name extends string>(text: string, wanted: readonly Name[]): Record<Name, string> | null {
  try {
    const value: unknown = JSON.parse(text)
    return hasStrings(value, wanted) ? value : null
  } catch {
    return null
  }
}

function hasStrings<Name extends string>(
  value: unknown,
  wanted: readonly Name[],
): value is Record<Name, string> {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map<string, unknown>(Object.entries(value))
  return wanted.every((name) => typeof fields.get(name) === 'string')
}
