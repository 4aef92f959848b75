import { spawn } from 'node:child_process'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { joinOwnPostgres } from '../../src/store/own-postgres.ts'
import {
  ask,
  entriesOf,
  freshFolder,
  isServing,
  serverPid,
  startHolder,
  until,
  useTemplate,
} from './own-postgres-processes.ts'

const preparedDataDir = useTemplate()

test('the first start makes the cluster, the second finds what the first wrote', async () => {
  const dataDir = join(await freshFolder(), 'data')
  const first = startHolder(dataDir)
  const joined = await first.joined()
  await ask(joined, 'create table kept as select 42 as n')
  expect(await ask(joined, 'show listen_addresses')).toEqual([['']])
  expect(await ask(joined, 'show fsync')).toEqual([['on']])
  expect(await ask(joined, 'select rolsuper from pg_roles where rolname = current_user')).toEqual([[false]])
  const pid = serverPid(dataDir)
  expect(await first.leave()).toBe(0)
  expect(await isServing(pid, dataDir)).toBe(false)
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700)
  expect(await entriesOf(dataDir)).toEqual(['postgres', 'postgres.log'])

  const second = startHolder(dataDir)
  const again = await second.joined()
  expect(await ask(again, 'select n from kept')).toEqual([[42]])
  await second.leave()
})

test('two starts at once on an empty DATA_DIR share one server', async () => {
  const dataDir = join(await freshFolder(), 'data')
  const both = [startHolder(dataDir), startHolder(dataDir)]
  const [one, other] = await Promise.all(both.map((holder) => holder.joined()))
  if (one === undefined || other === undefined) throw new Error('both have joined')
  expect(one.host).toBe(other.host)
  await ask(one, 'create table shared as select 1 as n')
  expect(await ask(other, 'select n from shared')).toEqual([[1]])
  expect(await entriesOf(dataDir)).toEqual(['postgres', 'postgres.log'])
  const pid = serverPid(dataDir)
  expect(await Promise.all(both.map((holder) => holder.leave()))).toEqual([0, 0])
  expect(await isServing(pid, dataDir)).toBe(false)
})

test('a command beside a service leaves the server to it, and the last one out stops what another started', async () => {
  const dataDir = await preparedDataDir()
  const service = startHolder(dataDir)
  await service.joined()
  const pid = serverPid(dataDir)
  const command = startHolder(dataDir)
  const joined = await command.joined()
  expect(command.said.some((line) => line.event === 'own-postgres-starting')).toBe(false)
  expect(await command.leave()).toBe(0)
  expect(await isServing(pid, dataDir)).toBe(true)

  const second = startHolder(dataDir)
  await second.joined()
  await service.leave()
  expect(await ask(joined, 'select 1')).toEqual([[1]])
  expect(serverPid(dataDir)).toBe(pid)
  await second.leave()
  expect(await isServing(pid, dataDir)).toBe(false)
})

test('a killed holder leaves a server that the next start finds', async () => {
  const dataDir = await preparedDataDir()
  const killed = startHolder(dataDir)
  await ask(await killed.joined(), 'create table kept as select 7 as n')
  const pid = serverPid(dataDir)
  await killed.kill()
  expect(await isServing(pid, dataDir)).toBe(true)
  const next = startHolder(dataDir)
  expect(await ask(await next.joined(), 'select n from kept')).toEqual([[7]])
  expect(serverPid(dataDir)).toBe(pid)
  await next.leave()
  expect(await isServing(pid, dataDir)).toBe(false)
})

test('when the server is killed its holders start it anew, on the same socket and with what was committed', async () => {
  const dataDir = await preparedDataDir()
  const holders = [startHolder(dataDir), startHolder(dataDir)]
  const [joined] = await Promise.all(holders.map((holder) => holder.joined()))
  if (joined === undefined) throw new Error('both have joined')
  await ask(joined, 'create table kept as select 7 as n')
  const back = holders.map((holder) => holder.until('own-postgres-back'))
  const pid = serverPid(dataDir)
  process.kill(pid, 'SIGKILL')
  for (const line of await Promise.all(back)) expect(line).toEqual({ event: 'own-postgres-back' })
  expect(await ask(joined, 'select n from kept')).toEqual([[7]])
  const revived = serverPid(dataDir)
  await Promise.all(holders.map((holder) => holder.leave()))
  expect(await isServing(revived, dataDir)).toBe(false)
})

test('a server killed with its holder is started again once the last of its processes has gone', async () => {
  const dataDir = await preparedDataDir()
  const holder = startHolder(dataDir)
  const joined = await holder.joined()
  // Busy with computing, this one does not notice for longer than a start takes that its server is dead.
  const busy = ask(
    joined,
    `do $$ declare t timestamptz := clock_timestamp() + '4 s';
     begin while clock_timestamp() < t loop end loop; end $$`,
  ).catch(() => 'lost')
  await until(
    async () => (await ask(joined, `select from pg_stat_activity where query like 'do $$%'`)).length > 0,
  )
  await holder.kill()
  process.kill(serverPid(dataDir), 'SIGKILL')
  const next = startHolder(dataDir)
  expect(await ask(await next.joined(), 'select 1')).toEqual([[1]])
  expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).toContain('pre-existing shared memory block')
  await busy
  await next.leave()
})

test('a pid file, and a lock of the socket, that name a living stranger or nobody do not stop a start', async () => {
  const dataDir = await preparedDataDir()
  const first = startHolder(dataDir)
  const { host = '' } = await first.joined()
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')
  const socketLock = await readFile(join(host, '.s.PGSQL.5432.lock'), 'utf8')
  await first.leave()

  const stranger = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const gone = spawn('true')
  await new Promise((resolve) => gone.once('exit', resolve))
  for (const pid of [stranger.pid, gone.pid]) {
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), text.replace(/^\d+/, String(pid)))
    await writeFile(join(host, '.s.PGSQL.5432.lock'), socketLock.replace(/^\d+/, String(pid)))
    const next = startHolder(dataDir)
    expect(await ask(await next.joined(), 'select 1')).toEqual([[1]])
    expect(serverPid(dataDir)).not.toBe(pid)
    await next.leave()
  }
  expect(stranger.exitCode).toBe(null)
  stranger.kill()
})

test('a pid file that names the server of another DATA_DIR is not believed', async () => {
  const [mine, theirs] = [await preparedDataDir(), await preparedDataDir()]
  const other = startHolder(theirs)
  const joined = await other.joined()
  const borrowed = await readFile(join(theirs, 'postgres', 'postmaster.pid'), 'utf8')
  await writeFile(join(mine, 'postgres', 'postmaster.pid'), borrowed)
  const own = startHolder(mine)
  expect((await own.joined()).host).not.toBe(joined.host)
  expect(serverPid(mine)).not.toBe(serverPid(theirs))
  await own.leave()
  expect(await ask(joined, 'select 1')).toEqual([[1]])
  await other.leave()
})

test('processes that come and go in any order always find a server', async () => {
  const dataDir = await preparedDataDir()
  const comeAndGo = async (times: number) => {
    for (let turn = 0; turn < times; turn += 1) {
      const own = await joinOwnPostgres({ dataDir })
      expect(await ask({ event: '', ...own.connection }, 'select 1')).toEqual([[1]])
      await own.leave()
    }
  }
  await Promise.all([comeAndGo(12), comeAndGo(12), comeAndGo(12)])
  await expect(readFile(join(dataDir, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT')
})

test('what a process left behind that died while making the cluster is removed', async () => {
  const dataDir = join(await freshFolder(), 'data')
  const gone = spawn('true')
  await new Promise((resolve) => gone.once('exit', resolve))
  await mkdir(join(dataDir, `postgres.new-${gone.pid}-00ff00ff`, 'base'), { recursive: true })
  const holder = startHolder(dataDir)
  await holder.joined()
  expect(await entriesOf(dataDir)).toEqual(['postgres', 'postgres.log'])
  await holder.leave()
})
