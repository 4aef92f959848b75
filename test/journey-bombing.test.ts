// Somebody uses our forms to fill a stranger's mailbox: a hundred lists, two processes, a client for every post, every
// spelling of the mailbox. Letters are counted where they arrive. Limits are those of the defaults.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decline } from '../src/flows/decline.ts'
import { copyTemplate } from './support/database.ts'
import { openFlowService, someone, tokenIn } from './support/flow-service.ts'
import { json } from './support/http.ts'
import { eventually } from './support/letters.ts'
import { startTestService, type TestService } from './support/running-service.ts'
import { openSmtpSink, type SmtpSink, type SunkLetter } from './support/smtp-sink.ts'

const slugs = Array.from({ length: 100 }, (_, n) => `list-${n}`)

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
    DNS_CHECK: 'off',
    TRUST_PROXY: '1',
    SIGNUPS_PER_CLIENT: '20/10m',
    // a bomber who has solved every puzzle
    PROOF_OF_WORK: 'off',
  }
  services = [await startTestService(settings), await startTestService(settings)]
  const lists = slugs.map((slug) => ({ slug, name: slug, locale: 'en' }))
  await services[0].service.db.insertInto('lists').values(lists).execute()
})
afterAll(async () => {
  for (const service of services) await service.close()
  await database.drop()
  await sink.close()
})

let clients = 0
let posts = 0
const eitherOne = () => services[posts++ % 2 === 0 ? 0 : 1]
const fromAnywhere = () => {
  clients++
  return { 'x-forwarded-for': `81.${clients >> 8}.${clients & 255}.7` }
}

/** All at once, over all lists; every post is answered like any other. */
async function bomb(spellings: readonly string[]): Promise<void> {
  const answers = await Promise.all(
    slugs.flatMap((list, n) =>
      [0, 1].map((again) => {
        const email = (spellings[(n + again) % spellings.length] ?? '').replace('*', String(n))
        return eitherOne().signUp({ email, list, as_typed: true }, fromAnywhere())
      }),
    ),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
  const bodies = await Promise.all(answers.map(json))
  expect(new Set(bodies.map((body) => Object.keys(body).join()))).toEqual(
    new Set(['status,email,handle,expires_at']),
  )
  await nothingDue()
}

async function nothingDue(): Promise<void> {
  await eventually(async () => {
    const queued = services[0].service.db.selectFrom('letters').select('id').where('state', '=', 'queued')
    return (await queued.execute()).length === 0
  }, 'the end of sending')
}

/** Letters in one mailbox, as its provider sorts them. */
const inMailbox = (mailbox: RegExp): SunkLetter[] => sink.letters.filter(({ to }) => mailbox.test(to))
const linkIn = (letter: SunkLetter | undefined, kind: string): string =>
  new RegExp(`/${kind}/[A-Za-z0-9_-]{43}`).exec(letter?.raw.replaceAll('=\r\n', '') ?? '')?.[0] ?? ''

/** What was counted lies a day back. */
async function aDayLater(): Promise<void> {
  await sql`update mailboxes set recent = array(select at - interval '25 hours' from unnest(recent) at)`.execute(
    services[0].service.db,
  )
}

const post = (path: string) => eitherOne().fetch(path, { method: 'POST', headers: fromAnywhere() })

const plain = 'victim@gmail.com'
const everySpelling = [
  plain,
  'Victim@Gmail.com',
  'vic.tim@gmail.com',
  'v.i.c.t.i.m@gmail.com',
  'victim+*@gmail.com',
  'VIC.TIM+a*@GoogleMail.com',
  '"victim"@gmail.com',
  ' <victim@googlemail.com>',
]
const gmail = /^"?v\.?i\.?c\.?t\.?i\.?m"?(?:\+.*)?@g(?:oogle)?mail\.com$/i
const newIn = (mailbox: RegExp) => {
  const before = inMailbox(mailbox).length
  return () => inMailbox(mailbox).length - before
}

test('ten letters in a day, whatever is tried; one more where the admin asks', async () => {
  await bomb(everySpelling)
  expect(inMailbox(gmail)).toHaveLength(10)
  const more = newIn(gmail)
  await bomb(everySpelling)
  const { db } = services[0].service
  for (const letter of inMailbox(gmail))
    expect((await post(`${linkIn(letter, 'confirm')}/renew`)).status).toBe(202)
  await sql`update signups set status = 'expired', ended_at = now(), expires_at = null where status = 'pending'`.execute(
    db,
  )
  for (const letter of inMailbox(gmail))
    expect((await post(`${linkIn(letter, 'confirm')}/renew`)).status).toBe(202)
  await nothingDue()
  expect(more()).toBe(0)
  const { id } = await db.selectFrom('signups').select('id').limit(1).executeTakeFirstOrThrow()
  expect((await services[0].admin(`/api/signups/${id}/resend`, { method: 'POST' })).status).toBeLessThan(300)
  await bomb(everySpelling)
  expect(more()).toBe(1)
})

test('one click on not-me ends it: nothing to that address from any list, one a day to other spellings', async () => {
  await aDayLater()
  await bomb([plain])
  const letter = inMailbox(gmail).findLast(({ to }) => to === plain)
  const open = await services[0].service.db
    .selectFrom('signups')
    .select('id')
    .where(sql<string>`lower(email)`, '=', plain)
    .where('status', '=', 'pending')
    .execute()
  expect(open.length).toBeGreaterThanOrEqual(10)
  expect((await post(linkIn(letter, 'not-me'))).status).toBe(200)
  await aDayLater()
  const before = inMailbox(gmail).length
  const more = newIn(gmail)
  await bomb([plain, 'VICTIM@gmail.com', ' victim@GMAIL.com.'])
  for (const other of inMailbox(gmail)) await post(`${linkIn(other, 'confirm')}/renew`)
  for (const { id } of open) {
    expect((await services[0].admin(`/api/signups/${id}/resend`, { method: 'POST' })).status).toBe(409)
  }
  await nothingDue()
  expect(
    inMailbox(gmail)
      .slice(before)
      .filter(({ to }) => to.toLowerCase() === plain),
  ).toEqual([])
  await bomb(everySpelling)
  expect(more()).toBe(1)
  await aDayLater()
  await bomb(everySpelling)
  expect(more()).toBe(2)
  // and back, on the same page
  expect((await post(`${linkIn(letter, 'not-me')}/undo`)).status).toBeLessThan(400)
  await aDayLater()
  await bomb(everySpelling)
  expect(more()).toBe(12)
})

test('a domain in its own script and in ASCII, quotes, tags, upper case: one mailbox', async () => {
  await bomb([
    'opfer@bücher.example',
    'Opfer@xn--bcher-kva.example',
    'OPFER+*@BÜCHER.example',
    '"opfer"@bücher.example',
    'opfer@bücher。example',
  ])
  expect(inMailbox(/opfer.*@(?:xn--bcher-kva|bücher)\.example$/i)).toHaveLength(10)
})

test('letters that wait for the relay when not-me is clicked do not go out, of whatever list', async () => {
  const flows = await openFlowService()
  const { db } = flows.service
  const lists = slugs.slice(0, 5)
  await db
    .insertInto('lists')
    .values(lists.map((slug) => ({ slug, name: slug, locale: 'en' })))
    .execute()
  flows.relay = () => ({ kind: 'deferred', reply: '451 4.7.1 later', during: 'rcpt' })
  for (const list of lists) await flows.signUp('victim@example.org', list)
  await flows.signUp('other@example.org')
  const [first] = flows.lettersTo('victim@example.org')
  expect(await decline(flows.service, { token: tokenIn(first, 'not-me'), client: someone })).toMatchObject({
    kind: 'declined',
  })
  flows.relay = () => ({ kind: 'accepted', reply: '250 2.0.0 Ok' })
  const before = flows.letters.length
  flows.advance(3_600)
  await flows.outTray.drained()
  expect(flows.letters.slice(before).map(({ to }) => to)).toEqual(['other@example.org'])
  const states = await db
    .selectFrom('letters')
    .select('state')
    .where('recipient', '=', 'victim@example.org')
    .execute()
  expect(states.map(({ state }) => state)).toEqual(Array(5).fill('dropped'))
  await flows.close()
})
