import { createHash } from 'node:crypto'
import { chmod, chown, lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, OwnPostgresRefusal } from './refusal.ts'
import type { Owner } from './server-user.ts'

// Not the system's temporary folder: TMPDIR differs between a service and a shell, and this name must not.
const base = '/tmp'

/** The path of a socket may have 107 bytes and DATA_DIR may be longer, so its directory lies outside. */
export function socketDirectoryOf(realDataDir: string, owner: Owner): string {
  const hash = createHash('sha256').update(realDataDir).digest('hex').slice(0, 16)
  return join(base, `ayes-${owner.uid}-${hash}`)
}

export async function makeSocketDirectory(directory: string, owner: Owner): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 })
    if (owner.uid !== process.geteuid?.()) await chown(directory, owner.uid, owner.gid)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  const found = await lstat(directory)
  if (!found.isDirectory() || found.uid !== owner.uid) {
    throw new OwnPostgresRefusal(
      `${directory}, where the socket of the database goes, is not a directory of user ${owner.uid} but was made ` +
        `by user ${found.uid}: remove it, or set DATA_DIR to another folder.`,
    )
  }
  if ((found.mode & 0o777) !== 0o700) await chmod(directory, 0o700)
}
