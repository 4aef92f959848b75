// The out-tray against relays that behave and relays that do not.
import { randomUUIDv7 } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { openOutTray } from '../../src/flows/send-due-letters.ts'
import { openRelay } from '../../src/mail/relay.ts'
import { eventually } from '../support/letters.ts'
import { openRawRelay, type RawRelay, type Script } from '../support/raw-relay.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

const opened: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

async function start(script: Script, settings: Record<string, string> = {}) {
  const relay = await openRawRelay(script)
  opened.push(relay)
  const service = await startTestService({
    SMTP_URL: relay.url,
    MAIL_FROM: 'Ayes <ayes@example.com>',
    ...settings,
  })
  opened.push(service)
  return { relay, service }
}

type LetterRow = {
  state: string
  attempts: number
  reply: string | null
  reason: string | null
  due_at: Date
}

async function letterRow(service: TestService, email: string): Promise<LetterRow> {
  return service.service.db
    .selectFrom('letters')
    .select(['state', 'attempts', 'reply', 'reason', 'due_at'])
    .where('recipient', '=', email)
    .executeTakeFirstOrThrow()
}

async function handleOf(service: TestService, email: string): Promise<string> {
  const answer = await service.signUp({ email })
  expect(answer.status).toBe(202)
  return ((await answer.json()) as { handle: string }).handle
}

const nobody: Script = () => 'usual'

test('the relay’s whole answer is kept, also the 250', async () => {
  const { service } = await start((command) =>
    command === 'end of data' ? '250-2.0.0 Ok\r\n250 2.0.0 queued as 4711' : 'usual',
  )
  await handleOf(service, 'ann@example.com')
  const row = await eventually(async () => {
    const letter = await letterRow(service, 'ann@example.com')
    return letter.state === 'sent' && letter
  })
  expect(row.reply).toContain('250-2.0.0 Ok')
  expect(row.reply).toContain('queued as 4711')
})

test.each([
  ['RCPT TO', '450 4.2.0 greylisted'],
  ['end of data', '451 4.3.0 try later'],
  ['end of data', 'hang up'],
])('refused for now at %s: tried again after 15 to 60 seconds, and the visitor is told', async (at, said) => {
  const { service } = await start((command) => (command === at ? said : 'usual'))
  const handle = await handleOf(service, 'ann@example.com')
  const status = await eventually(async () => {
    const now = (await (await service.fetch(`/signups/${handle}`)).json()) as {
      letter: string
      reason: string
    }
    return now.letter === 'delayed' && now
  })
  expect(status.reason).toBe('temporary')
  const row = await letterRow(service, 'ann@example.com')
  expect(row).toMatchObject({ state: 'queued', attempts: 1 })
  const pause = (row.due_at.getTime() - Date.now()) / 1000
  expect(pause).toBeGreaterThan(10)
  expect(pause).toBeLessThan(60)
})

test.each([
  ['connect', '554 5.7.1 not you'],
  ['connect', '421 too busy'],
  ['connect', 'hello there'],
  ['connect', 'hang up'],
  ['EHLO', 'hang up'],
  ['MAIL FROM', '550 5.1.1 sender unknown'],
  ['RCPT TO', '530 5.7.0 Authentication required'],
])('trouble at %s (%s) is the relay’s: the letter waits, no attempt is counted', async (at, said) => {
  let isBroken = true
  const { service } = await start((command) => (isBroken && command === at ? said : 'usual'))
  await handleOf(service, 'ann@example.com')
  await eventually(async () => service.logged.some((line) => line.includes('relay-trouble')))
  expect(await letterRow(service, 'ann@example.com')).toMatchObject({
    state: 'queued',
    attempts: 0,
    reason: null,
  })
  isBroken = false
  const sent = await eventually(async () => (await letterRow(service, 'ann@example.com')).state === 'sent')
  expect(sent).toBe(true)
  expect(service.logged.some((line) => line.includes('relay-recovered'))).toBe(true)
})

test('a relay that stalls after DATA gets one letter, not two, and others are sent meanwhile', async () => {
  let stalled = 0
  const { relay, service } = await start(
    (command) => {
      if (command !== 'end of data') return 'usual'
      return stalled++ === 0 ? null : 'usual'
    },
    { ROLES: 'http' },
  )
  // long enough to be renewed in time on a machine that is busy with other tests
  const leaseMs = 2_000
  const trays = [1, 2].map(() => {
    const mailer = openRelay({ url: relay.url, name: 'ayes.example', concurrency: 2, dkim: null })
    const tray = openOutTray({ ...service.service, mailer, concurrency: 2, leaseMs })
    opened.push({ close: () => mailer.close() })
    return tray
  })
  const [first, second] = trays
  if (first === undefined || second === undefined) throw new Error('two trays')
  await handleOf(service, 'stalls@example.com')
  first.nudge()
  await eventually(async () => relay.finished() === 1)
  await handleOf(service, 'goes@example.com')
  first.nudge()
  await eventually(async () => (await letterRow(service, 'goes@example.com')).state === 'sent')
  const until = performance.now() + 3 * leaseMs
  while (performance.now() < until) await second.drained()
  expect(relay.finished()).toBe(2)
  expect(await letterRow(service, 'stalls@example.com')).toMatchObject({ state: 'queued', attempts: 0 })
  // hangs up on the stalled letter, so that nobody waits for it any longer
  await relay.close()
  await Promise.all(trays.map((tray) => tray.close()))
}, 60_000)

test('what a process claimed and lost goes out when its lease is over', async () => {
  const { relay, service } = await start(nobody, { ROLES: 'http' })
  await handleOf(service, 'ann@example.com')
  const soon = new Date(Date.now() + 300)
  await service.service.db.updateTable('letters').set({ claim: randomUUIDv7(), due_at: soon }).execute()
  const mailer = openRelay({ url: relay.url, name: 'ayes.example', concurrency: 2, dkim: null })
  opened.push(mailer)
  const tray = openOutTray({ ...service.service, mailer, concurrency: 2 })
  await tray.drained()
  expect(relay.finished()).toBe(0)
  await eventually(async () => {
    await tray.drained()
    return relay.finished() === 1
  })
  await tray.close()
})

function only(relay: RawRelay): string[] {
  return relay.commands.filter((command) => command === 'end of data')
}

test('a refusal of the whole message is the letter’s end and says why', async () => {
  const { relay, service } = await start((command) =>
    command === 'end of data' ? '554 5.7.1 message refused as spam' : 'usual',
  )
  const handle = await handleOf(service, 'ann@example.com')
  const status = await eventually(async () => {
    const now = (await (await service.fetch(`/signups/${handle}`)).json()) as {
      letter: string
      reason: string
    }
    return now.letter === 'undeliverable' && now
  })
  expect(status.reason).toBe('policy-or-spam')
  expect(only(relay)).toHaveLength(1)
  const signup = await service.service.db.selectFrom('signups').select('status').executeTakeFirstOrThrow()
  expect(signup.status).toBe('pending')
})
