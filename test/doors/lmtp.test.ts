// The bounce listener as a mail server meets it, by LMTP and by SMTP.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newAddress, statusOf } from '../support/http.ts'
import { returnedLetter } from '../support/returned-letter.ts'
import { startTestService, type TestService } from '../support/running-service.ts'
import { asData, openTalk, openTransaction } from '../support/smtp-talk.ts'

const settings = { lmtp: 'bounces@example.com', smtp: '*@bounce.example.com' } as const
const services = new Map<string, TestService>()

beforeAll(async () => {
  for (const [protocol, BOUNCE_ADDRESS] of Object.entries(settings)) {
    const BOUNCE_LISTEN = `${protocol}://127.0.0.1:0`
    services.set(protocol, await startTestService({ BOUNCE_ADDRESS, BOUNCE_LISTEN, LOG_LEVEL: 'debug' }))
  }
})
afterAll(async () => {
  for (const service of services.values()) await service.close()
})

function running(protocol: string): TestService & { bounces: string } {
  const service = services.get(protocol)
  if (service?.bounces === undefined || service.bounces === null) throw new Error('it does not listen')
  return { ...service, bounces: service.bounces }
}

async function doorsOf(service: TestService, email: string) {
  const rows = await service.service.db
    .selectFrom('bounces as b')
    .innerJoin('signups as s', 's.id', 'b.signup_id')
    .select(['b.door', 'b.category', 'b.status'])
    .where('s.email', '=', email)
    .execute()
  return rows
}

describe.each(['lmtp', 'smtp'])('%s', (protocol) => {
  test('a report to the return path of a letter makes its signup invalid before the answer', async () => {
    const service = running(protocol)
    const letter = await returnedLetter(service, newAddress())
    const talk = await openTransaction(service.bounces)
    expect(await talk.say(`RCPT TO:<${letter.returnPath}>`)).toMatch(/^250 /)
    expect(await talk.say('DATA')).toMatch(/^354 /)
    talk.write(asData(letter.report('5.1.1')))
    expect(await talk.reply()).toMatch(/^250 2\.6\.0 /)
    expect(await statusOf(service, letter.email)).toEqual(['invalid'])
    expect(await doorsOf(service, letter.email)).toEqual([
      { door: protocol, category: 'mailbox-does-not-exist', status: '5.1.1' },
    ])
    expect(await talk.say('QUIT')).toMatch(/^221 /)
    await talk.closed()
  })

  test('a session brings several reports, and the same one twice counts once', async () => {
    const service = running(protocol)
    const letter = await returnedLetter(service, newAddress())
    const report = asData(letter.report('5.2.2'))
    const talk = await openTransaction(service.bounces)
    for (let time = 0; time < 3; time++) {
      if (time > 0) expect(await talk.say('MAIL FROM:<>')).toMatch(/^250 /)
      await talk.codes(`RCPT TO:<${letter.returnPath}>`, 'DATA')
      talk.write(report)
      expect(await talk.reply()).toMatch(/^250 /)
    }
    expect(await doorsOf(service, letter.email)).toHaveLength(1)
    expect(await statusOf(service, letter.email)).toEqual(['pending'])
    talk.drop()
  })

  test('whoever is not a return path of ours is 550 5.1.1 at RCPT, and nothing can be sent then', async () => {
    const service = running(protocol)
    const letter = await returnedLetter(service, newAddress())
    const [local = '', domain = ''] = letter.returnPath.split('@')
    const token = local.slice(-42)
    const wrong = [
      'postmaster',
      `postmaster@${domain}`,
      `bounces@${domain}`,
      `someone@${domain}`,
      `${local}@elsewhere.example`,
      `x${local}@${domain}`,
      `${local}x@${domain}`,
      `${local.slice(0, -42)}${token.startsWith('a') ? 'b' : 'a'}${token.slice(1)}@${domain}`,
      `${local}@@${domain}`,
      `"${local}"@${domain}`,
      `${local}%${domain}@${domain}`,
      'ünïcode@exämple.com',
    ]
    const talk = await openTransaction(service.bounces)
    for (const address of wrong) {
      expect(await talk.say(`RCPT TO:<${address}>`), address).toMatch(/^(550 5\.1\.1|501) /)
    }
    expect(await talk.say(`RCPT TO:<someone@${domain}>`)).toMatch(/^550 5\.1\.1 /)
    expect(await talk.say('DATA')).toMatch(/^503 /)
    talk.drop()
  })

  test('a return path is taken in any case, from any sender, and with the parameters that servers add', async () => {
    const service = running(protocol)
    const { returnPath } = await returnedLetter(service, newAddress())
    const talk = await openTransaction(service.bounces, 'somebody@example.net')
    expect(await talk.say(`RCPT TO:<${returnPath.toUpperCase()}>`)).toMatch(/^250 /)
    await talk.say('RSET')
    expect(await talk.say('MAIL FROM:<> BODY=8BITMIME SIZE=4000 SMTPUTF8')).toMatch(/^250 /)
    expect(await talk.say(`RCPT TO:<${returnPath}> ORCPT=rfc822;${returnPath.replace('+', '+2B')}`)).toMatch(
      /^250 /,
    )
    talk.drop()
  })

  test('a server that asks back whether the sender of a letter exists hears that it does', async () => {
    const service = running(protocol)
    const { returnPath } = await returnedLetter(service, newAddress())
    const talk = await openTransaction(service.bounces)
    expect(await talk.codes(`RCPT TO:<${returnPath}>`, 'RSET', 'QUIT')).toEqual(['250', '250', '221'])
  })

  test('an erased letter’s return path is still taken, and its report changes nothing', async () => {
    const service = running(protocol)
    const letter = await returnedLetter(service, newAddress())
    const path = `/api/people/${encodeURIComponent(letter.email)}`
    expect((await service.admin(path, { method: 'DELETE' })).ok).toBe(true)
    const talk = await openTransaction(service.bounces)
    await talk.codes(`RCPT TO:<${letter.returnPath}>`, 'DATA')
    talk.write(asData(letter.report('5.1.1')))
    expect(await talk.reply()).toMatch(/^250 /)
    expect(await statusOf(service, letter.email)).toEqual([])
    talk.drop()
  })

  test('what is no report is taken from whoever knows a return path, and changes nothing', async () => {
    const service = running(protocol)
    const letter = await returnedLetter(service, newAddress())
    const talk = await openTransaction(service.bounces, 'somebody@example.net')
    await talk.codes(`RCPT TO:<${letter.returnPath}>`, 'DATA')
    talk.write(asData(`Subject: out of office\n\nback on Monday ${randomUUID()}\n`))
    expect(await talk.reply()).toMatch(/^250 /)
    expect(await statusOf(service, letter.email)).toEqual(['pending'])
    expect(await doorsOf(service, letter.email)).toEqual([])
    talk.drop()
  })

  test('the greeting and the answer to the opening name us and what we take, and no program', async () => {
    const service = running(protocol)
    const talk = await openTalk(service.bounces)
    expect(await talk.reply()).toBe(`220 localhost ${protocol === 'lmtp' ? 'LMTP' : 'ESMTP'}`)
    const answer = await talk.say(protocol === 'lmtp' ? 'LHLO mx.example.net' : 'EHLO mx.example.net')
    expect(answer.split('\r\n')).toEqual([
      '250-localhost',
      '250-PIPELINING',
      '250-8BITMIME',
      '250-SMTPUTF8',
      '250 SIZE 5242880',
    ])
    talk.drop()
  })

  test('the log says where it listens, and names no address and no token', async () => {
    const service = running(protocol)
    expect(service.bounces).toMatch(new RegExp(`^${protocol}://127\\.0\\.0\\.1:\\d+$`))
    const log = service.logged.join('')
    const port = Number(new URL(service.bounces).port)
    expect(log).toContain(`"event":"bounce-listener-open","url":"${service.bounces}","port":${port}`)
    expect(log).toContain('"event":"bounce-taken"')
    for (const line of service.logged.filter((one) => one.includes('"bounce-'))) {
      expect(line).not.toMatch(/@|[a-z2-7]{42}/i)
    }
  })
})

test('LMTP answers each recipient, one that was named twice as well', async () => {
  const service = running('lmtp')
  const first = await returnedLetter(service, newAddress())
  const second = await returnedLetter(service, newAddress())
  const talk = await openTransaction(service.bounces)
  const recipients = [first.returnPath, 'someone@example.com', second.returnPath, first.returnPath]
  const codes = await talk.codes(...recipients.map((address) => `RCPT TO:<${address}>`), 'DATA')
  expect(codes).toEqual(['250', '550', '250', '250', '354'])
  talk.write(asData(first.report('5.2.1')))
  expect([await talk.reply(), await talk.reply(), await talk.reply()]).toEqual(
    Array.from({ length: 3 }, () => expect.stringMatching(/^250 /)),
  )
  expect(await talk.say('QUIT')).toMatch(/^221 /)
  expect(await doorsOf(service, first.email)).toHaveLength(1)
})

test('each protocol is opened by its own command', async () => {
  const lmtp = await openTalk(running('lmtp').bounces)
  await lmtp.reply()
  expect(await lmtp.say('EHLO mx.example.net')).toMatch(/^500 /)
  expect(await lmtp.say('MAIL FROM:<>')).toMatch(/^503 /)
  const smtp = await openTalk(running('smtp').bounces)
  await smtp.reply()
  expect(await smtp.say('HELO mx.example.net')).toMatch(/^250 /)
  expect(await smtp.say('MAIL FROM:<>')).toMatch(/^250 /)
  lmtp.drop()
  smtp.drop()
})

test('commands may come all at once', async () => {
  const service = running('smtp')
  const letter = await returnedLetter(service, newAddress())
  const talk = await openTalk(service.bounces)
  await talk.reply()
  talk.write(
    Buffer.concat([
      Buffer.from(`EHLO mx.example.net\r\nMAIL FROM:<>\r\nRCPT TO:<${letter.returnPath}>\r\nDATA\r\n`),
      asData(letter.report('5.1.1')),
      Buffer.from('QUIT\r\n'),
    ]),
  )
  await talk.closed()
  expect(talk.replies.map((reply) => reply.slice(0, 3))).toEqual([
    '220',
    '250',
    '250',
    '250',
    '354',
    '250',
    '221',
  ])
  expect(await statusOf(service, letter.email)).toEqual(['invalid'])
})
