// The bounce listener against senders that mean harm or know no better. After each of them it takes a report.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ListenerLimits } from '../../src/doors/lmtp/limits.ts'
import type { BounceListener } from '../../src/doors/lmtp.ts'
import { listenerOn } from '../support/bounce-listener.ts'
import { newAddress, statusOf } from '../support/http.ts'
import { eventually } from '../support/letters.ts'
import { type ReturnedLetter, returnedLetter } from '../support/returned-letter.ts'
import { startTestService, type TestService } from '../support/running-service.ts'
import { asData, openTalk, openTransaction, type Talk } from '../support/smtp-talk.ts'

let running: TestService
let letter: ReturnedLetter
let listener: BounceListener

beforeAll(async () => {
  running = await startTestService({ BOUNCE_ADDRESS: 'bounces@example.com' })
  letter = await returnedLetter(running, newAddress())
})
afterAll(() => running.close())
afterEach(async () => {
  const next = await returnedLetter(running, newAddress())
  const talk = await openTransaction(listener.url)
  await talk.codes(`RCPT TO:<${next.returnPath}>`, 'DATA')
  talk.write(asData(next.report('5.1.1')))
  expect(await talk.reply()).toMatch(/^250 /)
  expect(await statusOf(running, next.email)).toEqual(['invalid'])
  talk.drop()
  await listener.close()
})

async function open(limits: Partial<ListenerLimits> = {}): Promise<string> {
  listener = await listenerOn(running, limits, { protocol: 'smtp' })
  return listener.url
}

async function openData(url: string): Promise<Talk> {
  const talk = await openTransaction(url)
  expect(await talk.codes(`RCPT TO:<${letter.returnPath}>`, 'DATA')).toEqual(['250', '354'])
  return talk
}

test('who says nothing is sent away, before the greeting and after it', async () => {
  const talk = await openTalk(await open({ idleMs: 1_500 }))
  expect(await talk.reply()).toMatch(/^220 /)
  expect(await talk.reply()).toMatch(/^421 /)
  await talk.closed()
})

test('who drips a message byte by byte is sent away when the session has lasted long enough', async () => {
  const talk = await openData(await open({ sessionMs: 2_500 }))
  const drip = setInterval(() => talk.write('x'), 20)
  expect(await talk.reply()).toMatch(/^421 /)
  clearInterval(drip)
  await talk.closed()
})

test('who goes on with commands for ever is sent away as well', async () => {
  const talk = await openTransaction(await open({ sessionMs: 2_500 }))
  let last = ''
  while (!last.startsWith('421')) last = await talk.say('NOOP')
  await talk.closed()
})

test('who speaks before the greeting is refused', async () => {
  const talk = await openTalk(await open())
  talk.write('EHLO early.example\r\nMAIL FROM:<>\r\n')
  expect(await talk.reply()).toMatch(/^421 /)
  await talk.closed()
})

test('an endless command is cut', async () => {
  const talk = await openTalk(await open())
  await talk.reply()
  talk.write(`EHLO ${'x'.repeat(100_000)}`)
  expect(await talk.reply()).toMatch(/^421 /)
  await talk.closed()
})

test('an endless line in a message is read like any other', async () => {
  const talk = await openData(await open())
  talk.write(`Subject: long\r\nX-Long: ${'x'.repeat(3_000_000)}\r\n\r\n.\r\n`)
  expect(await talk.reply()).toMatch(/^250 /)
  talk.drop()
})

test('a message above the limit is 552 5.3.4, by its SIZE at once and without it at its end', async () => {
  const url = await open()
  const talk = await openTalk(url)
  await talk.reply()
  await talk.say('EHLO mx.example.net')
  expect(await talk.say('MAIL FROM:<> SIZE=5242881')).toMatch(/^552 /)
  expect(await talk.say('MAIL FROM:<> SIZE=5242880')).toMatch(/^250 /)
  await talk.codes(`RCPT TO:<${letter.returnPath}>`, 'DATA')
  talk.write(Buffer.alloc(5_242_881, 'y\r\n'))
  talk.write('\r\n.\r\n')
  expect(await talk.reply()).toMatch(/^552 5\.3\.4 /)
  expect(await talk.say('NOOP')).toMatch(/^250 /)
  talk.drop()
})

test('a message without an end is cut', async () => {
  const talk = await openData(await open({ messageBytes: 100_000 }))
  talk.write(Buffer.alloc(1_000_000, 'z'))
  expect(await talk.reply()).toMatch(/^421 /)
  await talk.closed()
})

test('of a long report the beginning is read', async () => {
  const url = await open()
  const other = await returnedLetter(running, newAddress())
  const talk = await openTransaction(url)
  await talk.codes(`RCPT TO:<${other.returnPath}>`, 'DATA')
  talk.write(asData(Buffer.concat([other.report('5.1.1'), Buffer.alloc(4_000_000, 'and so on\n')])))
  expect(await talk.reply()).toMatch(/^250 /)
  expect(await statusOf(running, other.email)).toEqual(['invalid'])
  talk.drop()
})

test.each(['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\r\n.\r', '\r\r\n.\r\r\n'])(
  'a message does not end at %j, so nothing is smuggled behind it',
  async (end) => {
    const talk = await openData(await open())
    talk.write(`Subject: one\r\n\r\nbody${end}MAIL FROM:<>\r\nRSET\r\nVRFY x\r\n`)
    talk.write('still the body\r\n.\r\n')
    expect(await talk.reply()).toMatch(/^250 2\.6\.0 /)
    expect(await talk.say('NOOP')).toMatch(/^250 OK/)
    expect(talk.replies.at(-2)).toMatch(/^250 2\.6\.0 /)
    talk.drop()
  },
)

test('a report means the same in pieces of any size, its stuffed dots too', async () => {
  const url = await open()
  const before = '.\n..\n.a dot\n'
  for (const size of [1, 2, 3, 5, 7]) {
    const other = await returnedLetter(running, newAddress())
    const talk = await openTransaction(url)
    await talk.codes(`RCPT TO:<${other.returnPath}>`, 'DATA')
    const data = asData(`${other.report('5.1.1').toString()}\n${before}`)
    for (let at = 0; at < data.length; at += size) {
      talk.write(data.subarray(at, at + size))
      if (at % 64 < size) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await talk.reply()).toMatch(/^250 /)
    expect(await statusOf(running, other.email)).toEqual(['invalid'])
    talk.drop()
  }
})

test('recipients beyond a hundred are put off, and the message goes to the others', async () => {
  const url = await open({ recipients: 3 })
  const talk = await openTransaction(url)
  const letters: ReturnedLetter[] = []
  for (let n = 0; n < 4; n++) letters.push(await returnedLetter(running, newAddress()))
  const codes = await talk.codes(...letters.map(({ returnPath }) => `RCPT TO:<${returnPath}>`))
  expect(codes).toEqual(['250', '250', '250', '452'])
  // one that was named already is no other recipient, and still wants its answer
  expect(await talk.codes(`RCPT TO:<${letters[0]?.returnPath}>`, 'DATA')).toEqual(['451', '354'])
  talk.write(asData('Subject: hello\n\nhello\n'))
  expect(await talk.reply()).toMatch(/^250 /)
  talk.drop()
})

test('ten thousand recipients at once end in a farewell', async () => {
  const talk = await openTransaction(await open())
  talk.write(Array.from({ length: 10_000 }, (_, n) => `RCPT TO:<user${n}@example.com>\r\n`).join(''))
  await talk.closed()
  expect(talk.replies.at(-1)).toMatch(/^421 4\.7\.0 /)
  expect(talk.replies.filter((reply) => reply.startsWith('550'))).toHaveLength(50)
})

test('NUL and eight-bit characters in commands are refused, in messages they are content', async () => {
  const url = await open()
  const talk = await openTransaction(url)
  const [local = '', domain = ''] = letter.returnPath.split('@')
  expect(await talk.say(`RCPT TO:<${local}\0@${domain}>`)).toMatch(/^5/)
  expect(await talk.say('NO\0OP')).toMatch(/^500 /)
  talk.write(Buffer.from([0xff, 0xfe, 0x80, 0x0d, 0x0a]))
  expect(await talk.reply()).toMatch(/^500 /)
  expect(await talk.codes(`RCPT TO:<${letter.returnPath}>`, 'DATA')).toEqual(['250', '354'])
  talk.write(Buffer.concat([Buffer.from([0, 255, 128, 10, 13, 0]), Buffer.from('\r\n.\r\n')]))
  expect(await talk.reply()).toMatch(/^250 /)
  talk.drop()
})

test('commands that nobody needs tell nothing and do nothing', async () => {
  const talk = await openTransaction(await open())
  expect(await talk.say(`VRFY ${letter.returnPath}`)).toMatch(/^252 /)
  expect(await talk.say('VRFY nobody')).toMatch(/^252 /)
  const unknown = [
    'EXPN list',
    'AUTH PLAIN AAAA',
    'STARTTLS',
    'XCLIENT NAME=x',
    'WIZ pw',
    'HELP',
    'BDAT 5 LAST',
  ]
  expect(await talk.codes(...unknown)).toEqual(unknown.map(() => '500'))
  expect(await talk.codes('TURN', 'x', 'y')).toEqual(['500', '500', '421'])
  await talk.closed()
})

test('a browser that was sent here is sent away', async () => {
  const talk = await openTalk(await open())
  await talk.reply()
  talk.write('POST / HTTP/1.1\r\nHost: example.com\r\n\r\nEHLO x\r\nMAIL FROM:<>\r\n')
  expect(await talk.reply()).toMatch(/^421 /)
  await talk.closed()
})

test('a connection that drops in the middle of a message leaves nothing behind', async () => {
  const url = await open()
  const other = await returnedLetter(running, newAddress())
  const report = asData(other.report('5.1.1'))
  for (const length of [0, 1, report.length - 5, report.length - 3, report.length - 1]) {
    const talk = await openTransaction(url)
    await talk.codes(`RCPT TO:<${other.returnPath}>`, 'DATA')
    talk.write(report.subarray(0, length))
    talk.drop()
    await talk.closed()
  }
  expect(await statusOf(running, other.email)).toEqual(['pending'])
})

test('one client gets so many sessions and no more, all together another number', async () => {
  const url = await open({ sessionsOfOneClient: 3 })
  const talks = await Promise.all(Array.from({ length: 8 }, () => openTalk(url)))
  const greetings = await Promise.all(talks.map((talk) => talk.reply()))
  expect(greetings.filter((greeting) => greeting.startsWith('220'))).toHaveLength(3)
  expect(greetings.filter((greeting) => greeting.startsWith('421'))).toHaveLength(5)
  for (const talk of talks) talk.drop()
  await listener.close()
  const full = await open({ sessions: 3 })
  const more = await Promise.all(Array.from({ length: 8 }, () => openTalk(full)))
  const replies = await Promise.all(more.map((talk) => talk.reply()))
  expect(replies.filter((reply) => reply.startsWith('220'))).toHaveLength(3)
  for (const talk of more) talk.drop()
  // the listener hears of it a moment later
  await eventually(async () => {
    const talk = await openTalk(full)
    const greeting = await talk.reply()
    talk.drop()
    return greeting.startsWith('220')
  }, 'a free session')
})
