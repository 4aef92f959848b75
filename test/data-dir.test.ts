import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDataDir, ownSecret } from '../src/data-dir.ts'

async function temporary(): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'ayes-data-dir-')))
  onTestFinished(() => rm(path, { recursive: true, force: true, maxRetries: 10 }))
  return path
}

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)

test('the directory is made for its owner alone, with those above it', async () => {
  const root = await temporary()
  const dir = await openDataDir(join(root, 'a', 'b'))
  expect(dir).toEqual({ path: join(root, 'a', 'b'), notices: [] })
  expect(await modeOf(dir.path)).toBe('700')
})

test('opening it again changes nothing', async () => {
  const path = join(await temporary(), 'data')
  expect(await openDataDir(path)).toEqual(await openDataDir(path))
})

test('an empty directory is closed to others', async () => {
  const path = await temporary()
  await chmod(path, 0o755)
  await openDataDir(path)
  expect(await modeOf(path)).toBe('700')
})

test('a directory that holds something keeps its mode, and is spoken of when others may write to it', async () => {
  const path = await temporary()
  await writeFile(join(path, 'somebody-elses'), '')
  await chmod(path, 0o777)
  const { notices } = await openDataDir(path)
  expect(await modeOf(path)).toBe('777')
  expect(notices).toEqual([expect.stringContaining(`chmod 700 ${path}`)])
})

test('a symbolic link is followed to where the directory really is', async () => {
  const root = await temporary()
  await mkdir(join(root, 'real'))
  await symlink(join(root, 'real'), join(root, 'link'))
  expect((await openDataDir(join(root, 'link'))).path).toBe(join(root, 'real'))
})

test('a file in its place, or above it, is named', async () => {
  const file = join(await temporary(), 'file')
  await writeFile(file, '')
  await expect(openDataDir(file)).rejects.toThrow(`DATA_DIR ${file} is not a directory`)
  await expect(openDataDir(join(file, 'below'))).rejects.toThrow('is not a directory')
})

test('a secret is made once, readable by its owner alone, and found again', async () => {
  const dir = await openDataDir(await temporary())
  const made = await ownSecret(dir, 'admin-token', () => 'first')
  expect(made).toEqual({ secret: 'first', file: join(dir.path, 'admin-token'), isNew: true, notices: [] })
  expect(await modeOf(made.file)).toBe('600')
  expect(await readFile(made.file, 'utf8')).toBe('first\n')
  const found = await ownSecret(dir, 'admin-token', () => 'second')
  expect(found).toMatchObject({ secret: 'first', isNew: false })
})

test('many who come at once get one value, and leave nothing else behind', async () => {
  const dir = await openDataDir(await temporary())
  const all = await Promise.all(
    Array.from({ length: 40 }, (_, n) => ownSecret(dir, 'secret-key', () => `secret of ${n}`)),
  )
  expect(new Set(all.map((own) => own.secret)).size).toBe(1)
  expect(all.filter((own) => own.isNew)).toHaveLength(1)
  expect(await readdir(dir.path)).toEqual(['secret-key'])
})

test('a secret that others could read is closed, and they are told', async () => {
  const dir = await openDataDir(await temporary())
  const { file } = await ownSecret(dir, 'admin-token', () => 'value')
  await chmod(file, 0o644)
  const { secret, notices } = await ownSecret(dir, 'admin-token', () => 'other')
  expect(secret).toBe('value')
  expect(notices).toEqual([expect.stringMatching(/had mode 644.*600 now/)])
  expect(await modeOf(file)).toBe('600')
})

test('an empty secret is refused, and nothing is written over it', async () => {
  const dir = await openDataDir(await temporary())
  await writeFile(join(dir.path, 'secret-key'), '\n')
  await expect(ownSecret(dir, 'secret-key', () => 'new')).rejects.toThrow(
    `${join(dir.path, 'secret-key')} is empty`,
  )
  expect(await readFile(join(dir.path, 'secret-key'), 'utf8')).toBe('\n')
})

test.runIf(process.platform === 'linux')(
  'a place where nobody can make a directory is said in words',
  async () => {
    await expect(openDataDir('/proc/nobody/can')).rejects.toThrow(
      /DATA_DIR \/proc\/nobody\/can cannot be made/,
    )
  },
)
