// What befalls a mailbox: wrong passwords, servers that go away at any moment, a database that does.
import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ImapDoor } from '../../src/doors/imap.ts'
import { copyTemplate } from '../support/database.ts'
import { type Line, openLine, throughLine } from '../support/database-line.ts'
import { newAddress, statusOf } from '../support/http.ts'
import { type DoorChanges, doorAt } from '../support/imap/door.ts'
import { listeningPort } from '../support/imap/listening-port.ts'
import { everything, type ImapServer, startImapServer } from '../support/imap/server.ts'
import { eventually } from '../support/letters.ts'
import { bouncesOf, returnedLetter } from '../support/returned-letter.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

let running: TestService
let server: ImapServer
let line: Line
let database: Awaited<ReturnType<typeof copyTemplate>>
let doors: ImapDoor[] = []

beforeAll(async () => {
  database = await copyTemplate()
  line = await openLine(database.url)
  const DATABASE_URL = throughLine(database.url, line)
  running = await startTestService({ BOUNCE_ADDRESS: 'bounces@example.com', DATABASE_URL })
})
afterAll(async () => {
  await running.close()
  await line.close()
  await database.drop()
})
beforeEach(async () => {
  server = await startImapServer()
  await running.service.db.deleteFrom('bounces').execute()
  running.logged.length = 0
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

const logged = (event: string) => running.logged.filter((text) => text.startsWith(`{"event":"${event}"`))
const whys = () => logged('imap-trouble').map((text) => /"why":"([a-z-]+)"/.exec(text)?.[1])
const saidNow = (command: string) => server.said.filter((text) => text.startsWith(command))
const gauge = async () => /^ayes_imap_trouble (\d)$/m.exec(await running.service.metrics.text())?.[1]

async function returned() {
  const letter = await returnedLetter(running, newAddress())
  return { ...letter, raw: letter.report('5.1.1') }
}

test('a wrong password is told once, tried again with growing pauses, and over when it is right', async () => {
  server.fault = (command) => (command === 'LOGIN' ? 'NO [AUTHENTICATIONFAILED] no' : null)
  open().start()
  await eventually(async () => saidNow('LOGIN').length > 4)
  expect(whys()).toEqual(['login-refused'])
  expect(await gauge()).toBe('1')
  expect((await running.fetch('/readyz')).status).toBe(200)
  server.fault = () => null
  await eventually(async () => logged('imap-recovered').length === 1)
  expect(await gauge()).toBe('0')
})

describe('is told by its name:', () => {
  test('nobody answers', async () => {
    const unused = createServer()
    const port = await listeningPort(unused)
    unused.close()
    open({ place: { port } }).start()
    await eventually(async () => whys().length === 1)
    expect(whys()).toEqual(['unreachable'])
  })

  test('no STARTTLS where it is needed, and the password stays here', async () => {
    open({ place: { isLocal: false } }).start()
    await eventually(async () => whys().length === 1)
    expect(whys()).toEqual(['no-tls'])
    expect(saidNow('LOGIN')).toEqual([])
  })

  test('no TLS where it is spoken from the first byte', async () => {
    open({ place: { secure: true } }).start()
    await eventually(async () => whys().length === 1)
    expect(whys()).toEqual(['tls-failed'])
  })

  test('a folder that is not there', async () => {
    open({ place: { folder: ['INBOX', 'Bounces'] } }).start()
    await eventually(async () => whys().length === 1)
    expect(whys()).toEqual(['no-such-folder'])
  })

  test('a folder that may only be read', async () => {
    server.isReadOnly = true
    open().start()
    await eventually(async () => whys().length === 1)
    expect(whys()).toEqual(['folder-is-read-only'])
  })
})

describe('a connection that ends', () => {
  test.each(['UID FETCH', 'UID MOVE', 'UID SEARCH', 'IDLE', 'NOOP', 'LOGIN', 'SELECT', 'STATUS'])(
    'at %s loses nothing and counts nothing twice',
    async (at) => {
      let times = 0
      server.fault = (command, _, socket) => {
        if (command !== at || times++ > 0) return null
        socket.destroy()
        return 'silent'
      }
      const letter = await returned()
      server.deliver(letter.raw)
      open().start()
      await eventually(async () => server.texts('Ayes/handled').length === 1)
      await eventually(async () => server.inbox.messages.length === 0)
      expect(await statusOf(running, letter.email)).toEqual(['invalid'])
      expect(await bouncesOf(running)).toHaveLength(1)
      if (at !== 'IDLE') expect(times).toBeGreaterThan(1)
    },
  )

  test.each(['UID COPY', 'UID STORE', 'UID EXPUNGE'])('at %s, without MOVE, neither', async (at) => {
    server.capabilities = everything.filter((name) => name !== 'MOVE')
    let times = 0
    server.fault = (command, _, socket) => {
      if (command !== at || times++ > 0) return null
      socket.destroy()
      return 'silent'
    }
    server.deliver((await returned()).raw)
    open().start()
    await eventually(async () => logged('imap-recovered').length === 1)
    await eventually(async () => server.inbox.messages.every(({ flags }) => flags.has('\\Deleted')))
    expect(server.texts('Ayes/handled')).toHaveLength(1)
    expect(await bouncesOf(running)).toHaveLength(1)
  })

  test('in the middle of a message means that the message is read again', async () => {
    let times = 0
    server.fault = (command, _, socket) => {
      if (command !== 'UID FETCH' || times++ > 0) return null
      socket.write('* 1 FETCH (UID 1 BODY[]<0> {5000}\r\nReturn-Path: <>\r\n', () => socket.destroy())
      return 'silent'
    }
    const letter = await returned()
    server.deliver(letter.raw)
    open().start()
    await eventually(async () => server.texts('Ayes/handled').length === 1)
    expect(await statusOf(running, letter.email)).toEqual(['invalid'])
    expect(server.texts('Ayes/unmatched')).toEqual([])
  })
})

test('a server that restarts is found again', async () => {
  open().start()
  await eventually(async () => server.said.at(-1) === 'IDLE')
  const { port, inbox, mailboxes } = server
  await server.close()
  await eventually(async () => whys().length > 0)
  server = await startImapServer({ inbox, mailboxes }, port)
  server.deliver('Subject: one\r\n\r\n')
  await eventually(async () => server.texts('Ayes/unmatched').length === 1)
  await eventually(async () => logged('imap-recovered').length > 0)
})

test('a server that goes silent is given up', async () => {
  let times = 0
  server.fault = (command) => (command === 'UID SEARCH' && times++ === 0 ? 'silent' : null)
  server.deliver('Subject: one\r\n\r\n')
  open({ waits: { silence: 500, idle: 400 } }).start()
  await eventually(async () => server.texts('Ayes/unmatched').length === 1)
})

test('one message that the server cannot show keeps no other from being read', async () => {
  server.fault = (command, rest) =>
    command === 'UID FETCH' && /^([\d,]+,)?2[, ]/.test(rest) ? 'NO [SERVERBUG] internal error' : null
  for (const name of ['one', 'two', 'three']) server.deliver(`Subject: ${name}\r\n\r\n`)
  expect(await open().once()).toEqual({ handled: 0, unmatched: 2 })
  expect(server.texts('INBOX')).toEqual(['Subject: two\r\n\r\n'])
  expect(logged('imap-message-not-read')).toHaveLength(1)
})

test('nor does one that ends the connection, a server that sends 50 MB unasked', async () => {
  server.ignoresPartial = true
  server.deliver('Subject: one\r\n\r\n')
  server.deliver(Buffer.alloc(50_000_000, 'x'))
  server.deliver('Subject: three\r\n\r\n')
  open().start()
  await eventually(async () => server.texts('Ayes/unmatched').length === 2)
  await eventually(async () => logged('imap-recovered').length > 0)
  expect(server.texts('INBOX')).toHaveLength(1)
})

test('while the database is away messages stay where they are, and are handled later', async () => {
  const letter = await returned()
  open().start()
  await eventually(async () => server.said.at(-1) === 'IDLE')
  await line.cut()
  server.deliver(letter.raw)
  await eventually(async () => whys().includes('database-away'))
  expect(server.texts('INBOX')).toHaveLength(1)
  await line.mend()
  await eventually(async () => server.texts('Ayes/handled').length === 1)
  expect(await statusOf(running, letter.email)).toEqual(['invalid'])
  expect(saidNow('LOGIN')).toHaveLength(1)
})

test('also when it goes away between two messages: each is handled once in the end', async () => {
  const letters = [await returned(), await returned()]
  for (const { raw } of letters) server.deliver(raw)
  const counted = Promise.withResolvers<void>()
  const metrics = { ...running.service.metrics, bounce: () => counted.resolve() }
  const door = doorAt({ ...running, service: { ...running.service, metrics } }, server)
  doors.push(door)
  door.start()
  await counted.promise
  await line.cut()
  await line.mend()
  await eventually(async () => server.texts('Ayes/handled').length === 2)
  for (const { email } of letters) expect(await statusOf(running, email)).toEqual(['invalid'])
  expect(await bouncesOf(running)).toHaveLength(2)
})

test('stopping in the middle of a turn that hangs takes seconds, and the next start goes on', async () => {
  server.fault = (command) => (command === 'UID MOVE' ? 'silent' : null)
  const letter = await returned()
  server.deliver(letter.raw)
  const door = open()
  door.start()
  await eventually(async () => saidNow('UID MOVE').length === 1)
  await door.stop()
  expect(server.texts('INBOX')).toHaveLength(1)
  server.fault = () => null
  expect(await open().once()).toEqual({ handled: 1, unmatched: 0 })
  expect(await bouncesOf(running)).toHaveLength(1)
})
