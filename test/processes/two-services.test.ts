// Two processes on one database share limits, letters and what they tell the visitor.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyTemplate } from '../support/database.ts'
import { eventually } from '../support/letters.ts'
import { startTestService, type TestService } from '../support/running-service.ts'
import { openSmtpSink, type SmtpSink } from '../support/smtp-sink.ts'

let sink: SmtpSink
let database: Awaited<ReturnType<typeof copyTemplate>>
let services: [TestService, TestService]

beforeAll(async () => {
  sink = await openSmtpSink()
  database = await copyTemplate()
  const settings = {
    DATABASE_URL: database.url,
    SMTP_URL: sink.url,
    MAIL_FROM: 'Ayes <ayes@example.com>',
  }
  services = [await startTestService(settings), await startTestService(settings)]
})
afterAll(async () => {
  for (const service of services) await service.close()
  await database.drop()
  await sink.close()
})

function lettersTo(email: string) {
  return sink.letters.filter((letter) => letter.to === email)
}

async function nothingDue(): Promise<void> {
  await eventually(async () => {
    const { n } = await services[0].service.db
      .selectFrom('letters')
      .select((e) => e.fn.countAll<string>().as('n'))
      .where('state', '=', 'queued')
      .executeTakeFirstOrThrow()
    return Number(n) === 0
  })
}

test('100 posts of one address at once over 100 lists, in two processes, send at most the limit', async () => {
  const slugs = Array.from({ length: 100 }, (_, n) => `list-${n}`)
  await services[0].service.db
    .insertInto('lists')
    .values(slugs.map((slug) => ({ slug, name: slug, locale: 'en' })))
    .execute()
  const answers = await Promise.all(
    slugs.map((list, n) => services[n % 2 === 0 ? 0 : 1].signUp({ email: 'victim@example.com', list })),
  )
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]))
  await nothingDue()
  expect(lettersTo('victim@example.com')).toHaveLength(10)
})

test('one list gets one letter of 50 posts at once, tags and dots of one mailbox counted together', async () => {
  const spellings = [
    'vic.tim@gmail.com',
    'victim+a@gmail.com',
    'victim@googlemail.com',
    'v.i.c.t.i.m+b@gmail.com',
  ]
  await Promise.all(
    Array.from({ length: 52 }, (_, n) =>
      services[n % 2 === 0 ? 0 : 1].signUp({ email: spellings[n % 4] ?? '', as_typed: true }),
    ),
  )
  await nothingDue()
  expect(sink.letters.filter((letter) => /@g(oogle)?mail\.com$/.test(letter.to))).toHaveLength(1)
})

test('a stream in one process hears of a click in the other', async () => {
  const [one, other] = services
  const answer = (await (await one.signUp({ email: 'ann@example.com' })).json()) as { handle: string }
  const stream = await other.fetch(`/signups/${answer.handle}/events`)
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  const letter = await eventually(async () => lettersTo('ann@example.com')[0])
  const link = /\/confirm\/[A-Za-z0-9_-]{43}/.exec(letter.raw.replaceAll('=\r\n', ''))?.[0] ?? ''
  expect((await one.fetch(link, { method: 'POST' })).status).toBe(200)
  let heard = ''
  while (!heard.includes('confirmed')) {
    const part = await reader?.read()
    if (part === undefined || part.done) break
    heard += part.value
  }
  expect(heard).toContain('"letter":"confirmed"')
})
