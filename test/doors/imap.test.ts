// The mailbox for bounces at a server that has everything: what is read, and where it goes.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ImapDoor } from '../../src/doors/imap.ts'
import { newAddress, statusOf } from '../support/http.ts'
import { type DoorChanges, doorAt } from '../support/imap/door.ts'
import { type ImapServer, startImapServer } from '../support/imap/server.ts'
import { eventually } from '../support/letters.ts'
import { bouncesOf, returnedLetter } from '../support/returned-letter.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

let running: TestService
let server: ImapServer
let doors: ImapDoor[] = []

beforeAll(async () => {
  running = await startTestService({ BOUNCE_ADDRESS: 'bounces@example.com', LOG_LEVEL: 'debug' })
})
afterAll(() => running.close())
beforeEach(async () => {
  server = await startImapServer()
  await running.service.db.deleteFrom('bounces').execute()
})
afterEach(async () => {
  for (const door of doors) await door.stop()
  doors = []
  await server.close()
})

function open(changes: DoorChanges = {}) {
  const door = doorAt(running, server, changes)
  doors.push(door)
  return door
}

async function returned(status = '5.1.1') {
  const letter = await returnedLetter(running, newAddress())
  return { ...letter, raw: letter.report(status) }
}

test('a report makes its signup invalid and lies in Ayes/handled afterwards', async () => {
  const letter = await returned()
  server.deliver(letter.raw)
  expect(await open().once()).toEqual({ handled: 1, unmatched: 0 })
  expect(await statusOf(running, letter.email)).toEqual(['invalid'])
  expect(await bouncesOf(running)).toEqual([{ door: 'imap', category: 'mailbox-does-not-exist' }])
  expect(server.texts('INBOX')).toEqual([])
  expect(server.texts('Ayes/handled')).toEqual([letter.raw.toString('latin1')])
  expect(server.texts('Ayes/unmatched')).toEqual([])
})

test('what names no letter lies in Ayes/unmatched, and changes nothing', async () => {
  const texts = ['Subject: hello\r\n\r\nno report\r\n', '', '\0\xff\r\r\n\n<>', 'To: a@example.com']
  for (const text of texts) server.deliver(Buffer.from(text, 'latin1'))
  expect(await open().once()).toEqual({ handled: 0, unmatched: 4 })
  expect(server.texts('Ayes/unmatched')).toEqual(texts)
  expect(server.texts('INBOX')).toEqual([])
})

test('an auto-reply to a letter of ours is handled, and no bounce', async () => {
  const letter = await returned()
  const reply = `To: ${letter.returnPath}\r\nAuto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nI am away.\r\n`
  server.deliver(reply)
  expect(await open().once()).toEqual({ handled: 1, unmatched: 0 })
  expect(await statusOf(running, letter.email)).toEqual(['pending'])
  expect(await bouncesOf(running)).toEqual([])
})

test.each(['Delivered-To', 'X-Original-To', 'To', 'Return-Path'])(
  'the token is found in %s',
  async (field) => {
    const { email, returnPath, raw } = await returned()
    const nameless = raw.toString().replaceAll(returnPath, 'bounces@example.com')
    const message =
      field === 'Return-Path'
        ? nameless.replace(
            'Subject: Please confirm',
            `Return-Path: <${returnPath}>\r\nSubject: Please confirm`,
          )
        : `${field}: ${returnPath}\r\n${nameless}`
    server.deliver(message)
    expect(await open().once()).toEqual({ handled: 1, unmatched: 0 })
    expect(await statusOf(running, email)).toEqual(['invalid'])
  },
)

test('messages that somebody has marked as deleted are left alone, and flags go along', async () => {
  server.deliver('Subject: one\r\n\r\n', ['\\Deleted'])
  server.deliver('Subject: two\r\n\r\n', ['\\Seen'])
  expect(await open().once()).toEqual({ handled: 0, unmatched: 1 })
  expect(server.texts('INBOX')).toEqual(['Subject: one\r\n\r\n'])
  expect(server.mailboxes.get('Ayes/unmatched')?.messages.map(({ flags }) => [...flags])).toEqual([
    ['\\Seen'],
  ])
})

test('of a message of 50 MB one megabyte is fetched, and it is judged by that', async () => {
  const { email, raw } = await returned()
  server.deliver(Buffer.concat([raw, Buffer.alloc(50_000_000, 'x')]))
  expect(await open().once()).toEqual({ handled: 1, unmatched: 0 })
  expect(server.longestFetched).toBe(1024 * 1024)
  expect(await statusOf(running, email)).toEqual(['invalid'])
  expect(server.mailboxes.get('Ayes/handled')?.messages[0]?.raw.length).toBeGreaterThan(50_000_000)
})

test('a folder of another name, with levels, is read instead of INBOX', async () => {
  server.mailboxes.set('Post/zurück & weg', server.inbox)
  server.mailboxes.set('Post/zur&APw-ck &- weg', server.inbox)
  server.deliver('Subject: one\r\n\r\n')
  const door = open({ place: { folder: ['Post', 'zurück & weg'] } })
  expect(await door.once()).toEqual({ handled: 0, unmatched: 1 })
  expect(server.said).toContain('SELECT "Post/zur&APw-ck &- weg"')
})

test('news comes by IDLE: nothing is asked for meanwhile', async () => {
  open({ waits: { idle: 3_600_000, poll: 3_600_000 } }).start()
  await eventually(async () => server.said.at(-1) === 'IDLE')
  const letter = await returned()
  server.deliver(letter.raw)
  await eventually(async () => server.texts('Ayes/handled').length === 1)
  expect(await statusOf(running, letter.email)).toEqual(['invalid'])
  await eventually(async () => server.said.at(-1) === 'IDLE')
  server.deliver('Subject: next\r\n\r\n')
  await eventually(async () => server.texts('Ayes/unmatched').length === 1)
})

test('what comes while messages are being read is read as well', async () => {
  let isFirst = true
  server.fault = (command) => {
    if (command === 'UID FETCH' && isFirst) {
      isFirst = false
      server.deliver('Subject: second\r\n\r\n')
    }
    return null
  }
  open({ waits: { idle: 3_600_000 } }).start()
  server.deliver('Subject: first\r\n\r\n')
  await eventually(async () => server.texts('Ayes/unmatched').length === 2)
})

test('two doors at one mailbox handle each message once', async () => {
  const letters = await Promise.all(Array.from({ length: 30 }, () => returned('5.2.2')))
  open().start()
  open().start()
  for (const { raw } of letters) server.deliver(raw)
  await eventually(async () => server.inbox.messages.length === 0)
  await eventually(async () => server.texts('Ayes/handled').length === 30)
  expect(new Set(server.texts('Ayes/handled')).size).toBe(30)
  expect(await bouncesOf(running)).toHaveLength(30)
  const fetched = server.said.filter((line) => line.startsWith('UID FETCH')).flatMap((line) => uidsOf(line))
  expect(fetched).toHaveLength(30)
})

test('a first look at a thousand messages goes batch by batch', async () => {
  for (let n = 0; n < 1_000; n++)
    server.inbox.messages.push({ uid: n + 1, flags: new Set(), raw: Buffer.alloc(0) })
  server.inbox.nextUid = 1_001
  expect(await open().once()).toEqual({ handled: 0, unmatched: 1_000 })
  const fetches = server.said.filter((line) => line.startsWith('UID FETCH'))
  expect(Math.max(...fetches.map((line) => uidsOf(line).length))).toBe(20)
  expect(server.texts('Ayes/unmatched')).toHaveLength(1_000)
})

test('stopping while it waits says goodbye at once; a stop before a start is none', async () => {
  const door = open({ waits: { idle: 3_600_000 } })
  door.start()
  await eventually(async () => server.said.at(-1) === 'IDLE')
  await door.stop()
  await door.stop()
  expect(server.said.at(-1)).toBe('LOGOUT')
  await eventually(async () => server.sessions.size === 0)
  await open().stop()
})

test('no line of the log holds an address or the password', async () => {
  server.deliver('Subject: one\r\nTo: bounces@example.com\r\n\r\n')
  await open().once()
  await expect(open({ place: { password: 'another password' } }).once()).rejects.toThrow()
  const lines = running.logged.join('')
  expect(lines).toContain('imap-mailbox-read')
  expect(lines).not.toContain('bounces@')
  expect(lines).not.toContain(server.password)
})

function uidsOf(line: string): string[] {
  return /^UID FETCH (\S+)/.exec(line)?.[1]?.split(',') ?? []
}
