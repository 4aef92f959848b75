// What became of the letter: as JSON, as a page, and as a stream of events.
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sealHandle } from '../../../../src/core/handles.ts'
import { openKeyRing } from '../../../../src/core/keys.ts'
import { expectProblem, expectTokenPage, html, json, letterFor, newAddress } from '../../../support/http.ts'
import { eventually, letterTo, linkIn } from '../../../support/letters.ts'
import { secretKey, startTestService, type TestService } from '../../../support/running-service.ts'
import { readStream } from '../../../support/streams.ts'

let service: TestService

beforeAll(async () => {
  service = await startTestService({ LETTERS_PER_LIST: 'off' })
})
afterAll(() => service.close())

async function handleOf(email: string): Promise<string> {
  return String((await json(await service.signUp({ email, as_typed: true }))).handle)
}

const status = async (handle: string) => json(await service.fetch(`/signups/${handle}`))

describe("the letter's status", () => {
  test('goes from queued to sent to confirmed, and has exactly these members', async () => {
    const email = newAddress()
    const handle = await handleOf(email)
    const first = await status(handle)
    expect(Object.keys(first)).toEqual(['letter', 'reason', 'suggestion', 'at'])
    expect(['queued', 'sent']).toContain(first.letter)
    await eventually(async () => (await status(handle)).letter === 'sent')
    await service.fetch(linkIn(await letterTo(service, email), 'confirm'), { method: 'POST' })
    expect(await status(handle)).toMatchObject({ letter: 'confirmed', reason: null, suggestion: null })
  })

  test('stays confirmed for whoever signed up when the owner leaves again', async () => {
    const email = newAddress()
    const handle = await handleOf(email)
    await service.fetch(linkIn(await letterTo(service, email), 'confirm'), { method: 'POST' })
    await sql`update signups set status = 'unsubscribed', ended_at = now() where email = ${email}`.execute(
      service.service.db,
    )
    expect((await status(handle)).letter).toBe('confirmed')
  })

  test('is undeliverable with the reason, and a suggestion where there is one', async () => {
    const handle = await handleOf('refuse-5.1.1@gmial.com')
    const end = await eventually(async () => {
      const now = await status(handle)
      return now.letter === 'undeliverable' && now
    })
    expect(end).toMatchObject({
      reason: 'mailbox-does-not-exist',
      suggestion: { email: 'refuse-5.1.1@gmail.com', domain: 'gmail.com', reason: 'typo' },
    })
    const suppressed = await status(await handleOf('refuse-5.1.1@gmial.com'))
    expect(suppressed).toMatchObject({
      letter: 'undeliverable',
      reason: 'mailbox-does-not-exist',
      suggestion: end.suggestion,
    })
  })

  test('is delayed after a refusal for now', async () => {
    const handle = await handleOf('defer-4.7.1@example.com')
    await eventually(async () => (await status(handle)).letter === 'delayed')
    expect(await status(handle)).toMatchObject({ reason: 'temporary', suggestion: null })
  })

  test('of a letter that its owner answered with not-me stays sent', async () => {
    const email = newAddress()
    const handle = await handleOf(email)
    await eventually(async () => (await status(handle)).letter === 'sent')
    const before = await status(handle)
    await service.fetch(linkIn(await letterTo(service, email), 'not-me'), { method: 'POST' })
    expect(await status(handle)).toEqual(before)
  })

  test('is a page for a browser, which looks again until it is over', async () => {
    const email = newAddress()
    const handle = await handleOf(email)
    const page = await expectTokenPage(await service.fetch(`/signups/${handle}`, { headers: html }), 200)
    expect(page).toContain('http-equiv="refresh"')
    await service.fetch(linkIn(await letterTo(service, email), 'confirm'), { method: 'POST' })
    const over = await expectTokenPage(await service.fetch(`/signups/${handle}`, { headers: html }), 200)
    expect(over).not.toContain('http-equiv="refresh"')
    expect(over).not.toContain(email)
  })
})

describe('a handle that is none is 404', () => {
  test('of another installation, changed, too old, or any text', async () => {
    const good = await handleOf(newAddress())
    const now = new Date()
    const old = new Date(now.getTime() - 24 * 3_600_000 - 1_000)
    const ring = openKeyRing(secretKey)
    const quiet = { kind: 'quiet', sentAfter: 1, listId: 1 } as const
    const bad = [
      sealHandle(openKeyRing('another installation'), { ...quiet, issuedAt: now }),
      sealHandle(ring, { ...quiet, issuedAt: old }),
      `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`,
      good.slice(1),
      'x',
    ]
    for (const handle of bad) {
      for (const path of [`/signups/${handle}`, `/signups/${handle}/events`]) {
        await expectProblem(await service.fetch(path), 404, 'unknown-handle')
      }
      expect((await service.fetch(`/signups/${handle}`, { headers: html })).status).toBe(404)
    }
    expect((await service.fetch(`/signups/${sealHandle(ring, { ...quiet, issuedAt: now })}`)).status).toBe(
      200,
    )
  })
})

describe('the stream', () => {
  test('tells the current state and every later one, and ends with confirmed', async () => {
    const email = newAddress()
    const handle = await handleOf(email)
    const stream = await readStream(service, handle)
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(stream.headers.get('cache-control')).toContain('no-store')
    const letter = await letterTo(service, email)
    await eventually(async () => stream.letters().includes('sent'))
    await service.fetch(linkIn(letter, 'confirm'), { method: 'POST' })
    await stream.ended
    expect(stream.letters().filter((state) => state !== 'queued')).toEqual(['sent', 'confirmed'])
    expect(stream.events.every(({ name }) => name === 'letter')).toBe(true)
  })

  test('ends at once with what is final already, and is told not to come back', async () => {
    const email = newAddress()
    const handle = await handleOf(email)
    await service.fetch(linkIn(await letterTo(service, email), 'confirm'), { method: 'POST' })
    const stream = await readStream(service, handle)
    await stream.ended
    expect(stream.letters()).toEqual(['confirmed'])
    const again = await service.fetch(`/signups/${handle}/events`, {
      headers: { 'last-event-id': stream.events.at(-1)?.id ?? '' },
    })
    expect(again.status).toBe(204)
  })

  test('ends with undeliverable', async () => {
    const stream = await readStream(service, await handleOf('late-5.1.3@example.com'))
    await stream.ended
    expect(stream.letters().at(-1)).toBe('undeliverable')
  })

  test('tells what another process did', async () => {
    const email = newAddress()
    const other = await startTestService({ DATABASE_URL: service.databaseUrl, ROLES: 'http' })
    const { confirm } = await letterFor(service, email)
    const stream = await readStream(service, await handleOf(email))
    expect((await other.fetch(confirm, { method: 'POST' })).status).toBe(200)
    await stream.ended
    expect(stream.letters().at(-1)).toBe('confirmed')
    await other.close()
  })
})
