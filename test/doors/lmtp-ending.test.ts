// A 250 of the bounce listener means a row, whatever is away and whoever stops; STARTTLS and the place it listens at.
import { networkInterfaces } from 'node:os'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { BounceListener } from '../../src/doors/lmtp.ts'
import { localhostCertificate, localhostKey } from '../mail/localhost-certificate.ts'
import { listenerOn } from '../support/bounce-listener.ts'
import { copyTemplate } from '../support/database.ts'
import { type Line, openLine, throughLine } from '../support/database-line.ts'
import { newAddress, statusOf } from '../support/http.ts'
import { eventually } from '../support/letters.ts'
import { returnedLetter } from '../support/returned-letter.ts'
import { startTestService, type TestService } from '../support/running-service.ts'
import { asData, openTalk, openTransaction, type Talk } from '../support/smtp-talk.ts'

let line: Line
let database: Awaited<ReturnType<typeof copyTemplate>>
let running: TestService
const listeners: BounceListener[] = []

beforeAll(async () => {
  database = await copyTemplate()
  line = await openLine(database.url)
  running = await startTestService({
    DATABASE_URL: throughLine(database.url, line),
    BOUNCE_ADDRESS: 'bounces@example.com',
  })
})
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close()
})
afterAll(async () => {
  await running.close()
  await line.close()
  await database.drop()
})

async function open(
  ...options: Parameters<typeof listenerOn> extends [unknown, ...infer Rest] ? Rest : never
) {
  const listener = await listenerOn(running, ...options)
  listeners.push(listener)
  return listener
}

async function openData(url: string, ...returnPaths: string[]): Promise<Talk> {
  const talk = await openTransaction(url)
  const codes = await talk.codes(...returnPaths.map((address) => `RCPT TO:<${address}>`), 'DATA')
  expect(codes).toEqual([...returnPaths.map(() => '250'), '354'])
  return talk
}

/** Nothing of the database gets through before `release`. */
async function holdRows(): Promise<{ release(): Promise<void> }> {
  const held = Promise.withResolvers<void>()
  const isLocked = Promise.withResolvers<void>()
  const transaction = running.service.db.transaction().execute(async (trx) => {
    await trx.selectFrom('signups').selectAll().forUpdate().execute()
    isLocked.resolve()
    await held.promise
  })
  await isLocked.promise
  return {
    async release() {
      held.resolve()
      await transaction
    },
  }
}

async function isWaitingForRow(): Promise<boolean> {
  const { rows } = await sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
  `.execute(running.service.db)
  return rows.length > 0
}

describe('while the database is away', () => {
  test.each(['lmtp', 'smtp'] as const)(
    '%s answers 451, the process lives, and the report is taken when the database is back',
    async (protocol) => {
      const first = await returnedLetter(running, newAddress())
      const second = await returnedLetter(running, newAddress())
      const { url } = await open({}, { protocol })
      const report = asData(first.report('5.1.1'))
      await line.cut()
      const talk = await openData(url, first.returnPath, second.returnPath)
      talk.write(report)
      expect(await talk.reply()).toMatch(/^451 4\.3\.0 /)
      if (protocol === 'lmtp') expect(await talk.reply()).toMatch(/^451 4\.3\.0 /)
      await line.mend()
      let answer = ''
      while (!answer.startsWith('250')) {
        expect(await talk.codes('MAIL FROM:<>', `RCPT TO:<${first.returnPath}>`, 'DATA')).toEqual([
          '250',
          '250',
          '354',
        ])
        talk.write(report)
        answer = await talk.reply()
      }
      expect(await statusOf(running, first.email)).toEqual(['invalid'])
      expect(await talk.say('QUIT')).toMatch(/^221 /)
      expect(running.logged.join('')).toContain('"event":"bounce-not-taken"')
    },
  )
})

describe('at the end', () => {
  test('who is in the middle of nothing is sent away, and nobody gets in', async () => {
    const listener = await open()
    const idle = await openTransaction(listener.url)
    const opening = await openTalk(listener.url)
    await listener.close()
    expect(await idle.reply()).toMatch(/^421 4\.3\.2 /)
    await idle.closed()
    await opening.closed()
    await expect(openTalk(listener.url)).rejects.toThrow('ECONNREFUSED')
  })

  test('a report that is being written is written, answered 250, and then the session ends', async () => {
    const letter = await returnedLetter(running, newAddress())
    const listener = await open()
    const talk = await openData(listener.url, letter.returnPath)
    const rows = await holdRows()
    talk.write(asData(letter.report('5.1.1')))
    await eventually(isWaitingForRow, 'the report at the row')
    const closed = listener.close()
    await rows.release()
    expect(await talk.reply()).toMatch(/^250 /)
    expect(await talk.reply()).toMatch(/^421 /)
    await closed
    expect(await statusOf(running, letter.email)).toEqual(['invalid'])
  })

  test('a message that is still coming in may finish', async () => {
    const letter = await returnedLetter(running, newAddress())
    const listener = await open()
    const talk = await openData(listener.url, letter.returnPath)
    const report = asData(letter.report('5.1.1'))
    talk.write(report.subarray(0, 100))
    const closed = listener.close()
    talk.write(report.subarray(100))
    expect(await talk.reply()).toMatch(/^250 /)
    await closed
    expect(await statusOf(running, letter.email)).toEqual(['invalid'])
  })

  test('what is still being written after the sender was cut is waited for', async () => {
    const letter = await returnedLetter(running, newAddress())
    const listener = await open({ finishMs: 300 })
    const talk = await openData(listener.url, letter.returnPath)
    const rows = await holdRows()
    talk.write(asData(letter.report('5.1.1')))
    await eventually(isWaitingForRow, 'the report at the row')
    let isOver = false
    const closed = listener.close().then(() => {
      isOver = true
    })
    expect(await talk.reply()).toMatch(/^421 /)
    await talk.closed()
    expect(isOver).toBe(false)
    await rows.release()
    await closed
    expect(await statusOf(running, letter.email)).toEqual(['invalid'])
    expect(talk.replies.filter((reply) => reply.startsWith('250 2.6.0'))).toEqual([])
  })

  test('who never finishes is cut with 421, and no row comes of it', async () => {
    const letter = await returnedLetter(running, newAddress())
    const listener = await open({ finishMs: 300 })
    const talk = await openData(listener.url, letter.returnPath)
    talk.write(asData(letter.report('5.1.1')).subarray(0, -5))
    await listener.close()
    expect(await talk.reply()).toMatch(/^421 /)
    expect(await statusOf(running, letter.email)).toEqual(['pending'])
  })
})

describe('STARTTLS', () => {
  const certificate = { chain: localhostCertificate, key: localhostKey }

  test('is offered with a certificate, and a report comes through it', async () => {
    const letter = await returnedLetter(running, newAddress())
    const { url } = await open({}, { protocol: 'smtp', certificate })
    const talk = await openTalk(url)
    await talk.reply()
    expect(await talk.say('EHLO mx.example.net')).toContain('250-STARTTLS')
    expect(await talk.say('STARTTLS')).toMatch(/^220 /)
    await talk.startTls()
    expect(await talk.say('EHLO mx.example.net')).not.toContain('STARTTLS')
    await talk.codes('MAIL FROM:<>', `RCPT TO:<${letter.returnPath}>`, 'DATA')
    talk.write(asData(letter.report('5.1.1')))
    expect(await talk.reply()).toMatch(/^250 /)
    expect(await statusOf(running, letter.email)).toEqual(['invalid'])
    talk.drop()
  })

  test('a handshake that is none ends that session alone', async () => {
    const { url } = await open({}, { certificate })
    const talk = await openTalk(url)
    await talk.reply()
    await talk.codes('LHLO x', 'STARTTLS')
    talk.write('MAIL FROM:<>\r\nthis is no handshake\r\n')
    await talk.closed()
    const next = await openTransaction(url)
    expect(await next.say('NOOP')).toMatch(/^250 /)
    next.drop()
  })

  test('what was said before it in clear text is not taken over', async () => {
    const { url } = await open({}, { certificate, protocol: 'smtp' })
    const talk = await openTransaction(url)
    talk.write('STARTTLS\r\nRSET\r\nNOOP\r\n')
    expect(await talk.reply()).toMatch(/^220 /)
    await talk.startTls()
    expect(await talk.say('MAIL FROM:<>')).toMatch(/^503 /)
    talk.drop()
  })
})

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)

test.skipIf(!hasIpv6)(
  'it listens on IPv6, and a port that is taken says which setting to change',
  async () => {
    const { url } = await open({}, { host: '::1' })
    expect(url).toMatch(/^lmtp:\/\/\[::1\]:\d+$/)
    const talk = await openTalk(url)
    expect(await talk.reply()).toMatch(/^220 /)
    talk.drop()
    const port = Number(new URL(url).port)
    await expect(listenerOn(running, {}, { host: '::1', port })).rejects.toThrow(
      `Port ${port} on ::1 is in use by another process: stop that one, or set BOUNCE_LISTEN to another port`,
    )
  },
)
