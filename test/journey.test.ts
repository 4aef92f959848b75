// Whole lives, as a visitor, an owner of an address and an admin see them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, lettersTo, letterTo, linkIn } from './support/letters.ts'
import { startTestService, type TestService } from './support/running-service.ts'

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.close())

async function json(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>
}

async function handleOf(fields: object): Promise<string> {
  const answer = await service.signUp(fields)
  expect(answer.status).toBe(202)
  return String((await json(answer)).handle)
}

async function statusOf(handle: string): Promise<Record<string, unknown>> {
  return json(await service.fetch(`/signups/${handle}`))
}

test('from a slip to a subscriber: the question, the letter, the click', async () => {
  const question = await service.signUp({ email: 'ann@gmial.com' })
  expect(question.status).toBe(409)
  expect(await json(question)).toMatchObject({
    code: 'did-you-mean',
    email: 'ann@gmial.com',
    suggestion: { email: 'ann@gmail.com', domain: 'gmail.com', reason: 'typo' },
  })
  const handle = await handleOf({ email: 'ann@gmail.com' })
  const letter = await letterTo(service, 'ann@gmail.com')
  expect(await lettersTo(service, 'ann@gmial.com')).toEqual([])
  const link = linkIn(letter, 'confirm')
  for (const method of ['GET', 'HEAD']) {
    expect((await service.fetch(link, { method })).status).toBe(200)
  }
  await eventually(async () => (await statusOf(handle)).letter === 'sent')
  const first = await service.fetch(link, { method: 'POST' })
  expect(await json(first)).toEqual({ status: 'confirmed', list: 'default', email: 'ann@gmail.com' })
  expect(await json(await service.fetch(link, { method: 'POST' }))).toMatchObject({ status: 'already' })
  expect((await statusOf(handle)).letter).toBe('confirmed')
})

test('a mailbox that does not exist, refused while sending: the visitor is told and the link is dead', async () => {
  const handle = await handleOf({ email: 'refuse-5.1.1@example.com' })
  const status = await eventually(async () => {
    const now = await statusOf(handle)
    return now.letter === 'undeliverable' && now
  })
  expect(status.reason).toBe('mailbox-does-not-exist')
})

test('a 5.1.1 that comes back later finds its signup, and the address rests for a day', async () => {
  const email = 'late-5.1.1@example.net'
  const handle = await handleOf({ email })
  const link = linkIn(await letterTo(service, email), 'confirm')
  await eventually(async () => (await statusOf(handle)).letter === 'undeliverable')
  const click = await service.fetch(link, { method: 'POST' })
  expect(click.status).toBe(410)
  expect((await json(click)).code).toBe('address-invalid')
  const again = await handleOf({ email })
  expect(await statusOf(again)).toMatchObject({ letter: 'undeliverable', reason: 'mailbox-does-not-exist' })
  expect(await lettersTo(service, email)).toHaveLength(1)
})

test('who holds the link of an invalid signup may ask for a fresh letter', async () => {
  const email = 'late-5.1.3@example.net'
  const handle = await handleOf({ email })
  const link = linkIn(await letterTo(service, email), 'confirm')
  await eventually(async () => (await statusOf(handle)).letter === 'undeliverable')
  expect((await service.fetch(`${link}/renew`, { method: 'POST' })).status).toBe(202)
  await letterTo(service, email, 2)
})

test('not me: declined, no letter for the address, and taken back on its own page', async () => {
  const email = 'bea@example.org'
  await handleOf({ email })
  const letter = await letterTo(service, email)
  const notMe = linkIn(letter, 'not-me')
  expect((await service.fetch(notMe)).status).toBe(200)
  expect((await service.fetch(notMe, { method: 'POST' })).status).toBe(200)
  expect((await service.fetch(notMe, { method: 'POST' })).status).toBe(200)
  const click = await service.fetch(linkIn(letter, 'confirm'), { method: 'POST' })
  expect((await json(click)).code).toBe('declined')
  await handleOf({ email, list: 'default' })
  expect((await service.fetch(`${notMe}/undo`, { method: 'POST' })).status).toBe(200)
  expect(await lettersTo(service, email)).toHaveLength(1)
})

test('leaving by one click, and an old link brings nobody back', async () => {
  const email = 'cleo@example.org'
  await handleOf({ email })
  const letter = await letterTo(service, email)
  await service.fetch(linkIn(letter, 'confirm'), { method: 'POST' })
  const csv = await (await service.admin('/api/lists/default/subscribers')).text()
  const row = csv.split('\r\n').find((line) => line.startsWith(email)) ?? ''
  const leave = /\/unsubscribe\/[A-Za-z0-9_-]{43}/.exec(row)?.[0] ?? ''
  expect((await service.fetch(leave)).status).toBe(200)
  const left = await service.fetch(leave, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  })
  expect(left.status).toBe(200)
  const click = await service.fetch(linkIn(letter, 'confirm'), { method: 'POST' })
  expect((await json(click)).code).toBe('unsubscribed')
  expect(await (await service.admin('/api/lists/default/subscribers')).text()).not.toContain(email)
})
