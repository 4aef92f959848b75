// The mailbox for bounces at servers that lack something, and what is left alone there.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ImapDoor } from '../../src/doors/imap.ts'
import { type DoorChanges, doorAt } from '../support/imap/door.ts'
import { everything, type ImapServer, startImapServer } from '../support/imap/server.ts'
import { eventually } from '../support/letters.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

let running: TestService
let server: ImapServer
let doors: ImapDoor[] = []

beforeAll(async () => {
  running = await startTestService({ BOUNCE_ADDRESS: 'bounces@example.com' })
})
afterAll(() => running.close())
beforeEach(async () => {
  server = await startImapServer()
})
afterEach(async () => {
  for (const door of doors) await door.stop()
  doors = []
  await server.close()
})

function open(changes: DoorChanges = {}): ImapDoor {
  const door = doorAt(running, server, changes)
  doors.push(door)
  return door
}

const without = (...names: string[]) => everything.filter((name) => !names.includes(name))
const saidNow = (command: string) => server.said.filter((line) => line.startsWith(command))

describe('without MOVE', () => {
  test('messages are copied, and exactly those that were copied are expunged', async () => {
    server.capabilities = without('MOVE')
    server.deliver('Subject: kept\r\n\r\n', ['\\Deleted'])
    server.deliver('Subject: one\r\n\r\n')
    server.deliver('Subject: two\r\n\r\n')
    expect(await open().once()).toEqual({ handled: 0, unmatched: 2 })
    expect(server.texts('INBOX')).toEqual(['Subject: kept\r\n\r\n'])
    expect(server.texts('Ayes/unmatched')).toEqual(['Subject: one\r\n\r\n', 'Subject: two\r\n\r\n'])
    expect(saidNow('UID EXPUNGE')).toEqual(['UID EXPUNGE 2,3'])
    expect(saidNow('EXPUNGE')).toEqual([])
  })

  test('a copy that is refused leaves everything where it is', async () => {
    server.capabilities = without('MOVE')
    server.fault = (command) => (command === 'UID COPY' ? 'NO [OVERQUOTA] full' : null)
    server.deliver('Subject: one\r\n\r\n')
    await expect(open().once()).rejects.toMatchObject({ why: 'move-refused' })
    expect(server.texts('INBOX')).toEqual(['Subject: one\r\n\r\n'])
    expect(saidNow('UID STORE')).toEqual([])
  })

  test('a copy that was made is not made again when only marking it was refused', async () => {
    server.capabilities = without('MOVE')
    let isRefused = true
    server.fault = (command) => (command === 'UID STORE' && isRefused ? 'NO later' : null)
    server.deliver('Subject: one\r\n\r\n')
    const door = open()
    await expect(door.once()).rejects.toMatchObject({ why: 'move-refused' })
    isRefused = false
    await door.once()
    expect(server.texts('INBOX')).toEqual([])
    expect(server.texts('Ayes/unmatched')).toHaveLength(1)
    expect(saidNow('UID FETCH')).toHaveLength(1)
  })
})

test('without UIDPLUS nothing is expunged: what was copied is marked as deleted, and not read again', async () => {
  server.capabilities = without('MOVE', 'UIDPLUS')
  server.deliver('Subject: kept\r\n\r\n', ['\\Deleted'])
  server.deliver('Subject: one\r\n\r\n')
  const door = open()
  expect(await door.once()).toEqual({ handled: 0, unmatched: 1 })
  expect(await door.once()).toEqual({ handled: 0, unmatched: 0 })
  expect(server.texts('INBOX')).toHaveLength(2)
  expect(server.inbox.messages.map(({ flags }) => [...flags])).toEqual([['\\Deleted'], ['\\Deleted']])
  expect(server.texts('Ayes/unmatched')).toEqual(['Subject: one\r\n\r\n'])
  expect([...saidNow('EXPUNGE'), ...saidNow('UID EXPUNGE')]).toEqual([])
})

describe('without IDLE', () => {
  test('the server is asked from time to time', async () => {
    server.capabilities = without('IDLE')
    open({ waits: { poll: 20, idle: 3_600_000 } }).start()
    await eventually(async () => saidNow('UID SEARCH').length > 2)
    server.deliver('Subject: one\r\n\r\n')
    await eventually(async () => server.texts('Ayes/unmatched').length === 1)
    expect(saidNow('IDLE')).toEqual([])
  })

  test.each(['NO not now', 'BAD unknown', 'OK that was it'])(
    'neither where IDLE is promised and answered at once: %s',
    async (answer) => {
      server.fault = (command) => (command === 'IDLE' ? answer : null)
      open({ waits: { poll: 20, idle: 3_600_000 } }).start()
      await eventually(async () => saidNow('UID SEARCH').length > 3)
      server.deliver('Subject: one\r\n\r\n')
      await eventually(async () => server.texts('Ayes/unmatched').length === 1)
      expect(saidNow('IDLE')).toHaveLength(1)
    },
  )
})

describe('folders', () => {
  test.each([
    { delimiter: '/', prefix: '', made: ['Ayes/handled', 'Ayes/unmatched'] },
    { delimiter: '.', prefix: '', made: ['Ayes.handled', 'Ayes.unmatched'] },
    { delimiter: '.', prefix: 'INBOX.', made: ['INBOX.Ayes.handled', 'INBOX.Ayes.unmatched'] },
    { delimiter: '', prefix: '', made: ['Ayes-handled', 'Ayes-unmatched'] },
  ])('are made as the server names them: $made', async ({ delimiter, prefix, made }) => {
    Object.assign(server, { delimiter, prefix })
    if (delimiter === '') server.capabilities = without('NAMESPACE')
    server.deliver('Subject: one\r\n\r\n')
    expect(await open().once()).toEqual({ handled: 0, unmatched: 1 })
    expect([...server.mailboxes.keys()].toSorted()).toEqual(['INBOX', ...made].toSorted())
    expect(server.texts(made[1] ?? '')).toHaveLength(1)
    await open().once()
    expect(saidNow('CREATE')).toHaveLength(2)
  })

  test('of a server that wants the level above first', async () => {
    server.fault = (command, rest) =>
      command === 'CREATE' && rest.includes('/') && !server.mailboxes.has('Ayes') ? 'NO no parent' : null
    expect(await open().once()).toEqual({ handled: 0, unmatched: 0 })
    expect([...server.mailboxes.keys()]).toEqual(['INBOX', 'Ayes', 'Ayes/handled', 'Ayes/unmatched'])
  })

  test('that another process makes at the same moment will do', async () => {
    server.fault = (command, rest) => {
      if (command === 'CREATE') server.create(rest)
      return null
    }
    server.deliver('Subject: one\r\n\r\n')
    expect(await open().once()).toEqual({ handled: 0, unmatched: 1 })
  })

  test('that cannot be made are told, and nothing is moved', async () => {
    server.fault = (command) => (command === 'CREATE' ? 'NO permission denied' : null)
    server.deliver('Subject: one\r\n\r\n')
    await expect(open().once()).rejects.toMatchObject({ why: 'no-folder-of-ours' })
    expect(server.texts('INBOX')).toHaveLength(1)
  })

  test('that vanish while it runs are made again, and what was read is not read again', async () => {
    open().start()
    await eventually(async () => server.said.at(-1) === 'IDLE')
    server.mailboxes.delete('Ayes/unmatched')
    server.deliver('Subject: one\r\n\r\n')
    await eventually(async () => server.texts('Ayes/unmatched').length === 1)
    expect(saidNow('UID FETCH')).toHaveLength(1)
  })
})

test('a new UIDVALIDITY makes the numbers of before worthless', async () => {
  server.fault = (command) => (command === 'UID MOVE' ? 'NO later' : null)
  server.deliver('Subject: one\r\n\r\n')
  const door = open()
  await expect(door.once()).rejects.toMatchObject({ why: 'move-refused' })
  server.fault = () => null
  server.inbox.validity++
  server.inbox.messages = []
  server.inbox.nextUid = 1
  server.deliver('Subject: another\r\n\r\n')
  expect(await door.once()).toEqual({ handled: 0, unmatched: 1 })
  expect(saidNow('UID FETCH')).toHaveLength(2)
})
