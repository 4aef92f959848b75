// Reports as messages: whose letter they are about, what is kept of the others, and that each counts once.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openKeyRing } from '../../src/core/keys.ts'
import { makeReturnToken } from '../../src/core/tokens.ts'
import { receiveMessage } from '../../src/flows/receive-message.ts'
import type { OutgoingLetter } from '../../src/mail/mailer.ts'
import { findAddress } from '../../src/store/suppressions.ts'
import { type FlowService, flowKey, openFlowService } from '../support/flow-service.ts'
import { readStories, type Story } from '../support/stories.ts'

let flows: FlowService
let email = ''
let person = 0
const oldKey = 'the key of last year, which was replaced'

beforeAll(async () => {
  flows = await openFlowService()
})
afterAll(() => flows.close())
beforeEach(() => {
  email = `person${++person}@example.com`
})

async function newLetter(to = email): Promise<OutgoingLetter> {
  await flows.signUp(to)
  const letter = flows.lettersTo(to).at(-1)
  if (letter === undefined) throw new Error(`no letter went to ${to}`)
  return letter
}

async function story(of = email): Promise<Story> {
  const newest = (await readStories(flows.service.db, of)).at(-1)
  if (newest === undefined) throw new Error(`nothing is stored about ${of}`)
  return newest
}

/** A report that names no letter anywhere. */
const nameless = (letter: OutgoingLetter, own: { to?: string; originalHeaders?: [string, string][] } = {}) =>
  flows.report(letter, '5.1.1', { to: 'postmaster@example.com', originalHeaders: [['Subject', 'x']], ...own })

async function unmatched(): Promise<{ n: number; bytes: number }> {
  const { rows } = await sql<{ n: number; bytes: number }>`
    select count(*)::int as n, coalesce(max(length(raw)), 0) as bytes from bounces where signup_id is null`.execute(
    flows.service.db,
  )
  return rows[0] ?? { n: 0, bytes: 0 }
}

describe('a report counts once', () => {
  test('however often it is handed in', async () => {
    const raw = flows.report(await newLetter(), '5.1.1')
    const answers = [await flows.receive(raw), await flows.receive(raw), await flows.receive(raw)]
    expect(answers).toEqual(Array(3).fill({ matched: true, category: 'mailbox-does-not-exist' }))
    expect((await story()).types).toEqual(['signed-up', 'letter-sent', 'bounced', 'invalid'])
  })

  test('handed in by ten processes at once', async () => {
    const raw = flows.report(await newLetter(), '5.1.1')
    await Promise.all(Array.from({ length: 10 }, () => flows.receive(raw)))
    const { types, bounces, signup } = await story()
    expect(types).toEqual(['signed-up', 'letter-sent', 'bounced', 'invalid'])
    expect(bounces).toHaveLength(1)
    const address = await findAddress(flows.service.db, signup.address_hash)
    expect(address?.bounce_wait_seconds).toBe(86_400)
  })

  test('and a second report about the same letter doubles no suppression', async () => {
    const letter = await newLetter()
    await flows.receive(flows.report(letter, '5.1.1'))
    await flows.receive(flows.report(letter, '5.1.1'))
    const { bounces, signup } = await story()
    expect(bounces).toHaveLength(2)
    const address = await findAddress(flows.service.db, signup.address_hash)
    expect(address?.bounce_wait_seconds).toBe(86_400)
  })

  test('and a vaguer one that comes after it is recorded and takes no reason away', async () => {
    const letter = await newLetter()
    await flows.receive(flows.report(letter, '5.1.1'))
    await flows.receive(flows.report(letter, '5.0.0', { diagnostic: '550 5.0.0 It was not delivered' }))
    const { rows } = await sql<{ reason: string; n: number }>`
      select reason, (select count(*)::int from bounces b where b.letter_id = l.id) as n
      from letters l where recipient = ${email}`.execute(flows.service.db)
    expect(rows).toEqual([{ reason: 'mailbox-does-not-exist', n: 2 }])
  })

  test('an unmatched one is kept once', async () => {
    const raw = nameless(await newLetter())
    const before = await unmatched()
    expect(await flows.receive(raw)).toEqual({ matched: false, category: 'mailbox-does-not-exist' })
    expect(await flows.receive(raw)).toMatchObject({ matched: false })
    expect(await unmatched()).toMatchObject({ n: before.n + 1 })
    expect(await story()).toMatchObject({ signup: { status: 'pending' }, bounces: [] })
  })

  test('one that was unmatched while a key was missing counts when the key is back', async () => {
    const letter = await newLetter()
    const raw = flows.report(letter, '5.1.1')
    const without = { ...flows.service, ring: openKeyRing('a key that was set by mistake') }
    expect(await receiveMessage(without, { door: 'message', raw, recipient: null })).toMatchObject({
      matched: false,
    })
    expect(await flows.receive(raw)).toMatchObject({ matched: true })
    expect((await story()).signup.status).toBe('invalid')
  })
})

describe('the letter is named', () => {
  const places: readonly [where: string, own: (token: string) => Parameters<typeof nameless>[1]][] = [
    ['the To header', (token) => ({ to: `bounces+${token}@example.com` })],
    [
      'the returned Return-Path',
      (token) => ({ originalHeaders: [['Return-Path', `<bounces+${token}@example.com>`]] }),
    ],
    ['the returned Message-ID', (token) => ({ originalHeaders: [['Message-ID', `<${token}@example.com>`]] })],
    ['the returned X-Ayes-Letter', (token) => ({ originalHeaders: [['X-Ayes-Letter', token]] })],
    ['capitals', (token) => ({ originalHeaders: [['X-AYES-LETTER', token.toUpperCase()]] })],
  ]
  test.each(places)('in %s alone', async (_, own) => {
    const letter = await newLetter()
    expect(await flows.receive(nameless(letter, own(letter.token)))).toMatchObject({ matched: true })
    expect((await story()).signup.status).toBe('invalid')
  })

  test.each(['Delivered-To', 'X-Original-To'])('in %s alone', async (name) => {
    const letter = await newLetter()
    const raw = `${name}: <bounces+${letter.token}@example.com>\r\n${nameless(letter)}`
    expect(await flows.receive(raw)).toMatchObject({ matched: true })
  })

  test('by the envelope recipient alone', async () => {
    const letter = await newLetter()
    const recipient = `bounces+${letter.token}@example.com`
    expect(await flows.receive(nameless(letter), recipient)).toMatchObject({ matched: true })
  })

  test('by the first place that is genuine, in the order of the contract', async () => {
    const people = ['envelope', 'delivered', 'original', 'to', 'return', 'message', 'header'].map(
      (place) => `${place}${person}@example.com`,
    )
    const letters: OutgoingLetter[] = []
    for (const one of people) letters.push(await newLetter(one))
    const named = letters.map(({ token }) => token)
    for (const [at, one] of people.entries()) {
      const place = (n: number) => (n < at ? 'a'.repeat(42) : (named[n] ?? ''))
      const raw = flows.report(letters[0] ?? (await newLetter()), '5.1.1', {
        to: `bounces+${place(3)}@example.com`,
        originalHeaders: [
          ['X-Ayes-Letter', place(6)],
          ['Message-ID', `<${place(5)}@example.com>`],
          ['Return-Path', `<${place(4)}@example.com>`],
        ],
      })
      const headers = `X-Original-To: ${place(2)}@example.com\r\nDelivered-To: ${place(1)}@example.com\r\n`
      expect(await flows.receive(headers + raw, `bounces+${place(0)}@example.com`)).toMatchObject({
        matched: true,
      })
      expect((await story(one)).signup.status).toBe('invalid')
    }
  })
})

describe('a report that names no letter of ours', () => {
  async function isUnmatched(token: string): Promise<void> {
    const letter = await newLetter()
    const raw = nameless(letter, { to: `bounces+${token}@example.com` })
    expect(await flows.receive(raw)).toMatchObject({ matched: false })
    expect(await story()).toMatchObject({ signup: { status: 'pending' }, bounces: [] })
  }

  test('because its token is of another installation', async () => {
    const { id } = await newLetter()
    await isUnmatched(makeReturnToken(openKeyRing('another installation').current, id))
  })

  test('because its letter is unknown', async () => {
    await isUnmatched(makeReturnToken(flows.service.ring.current, randomUUID()))
  })

  test('because its token was made with a key that is not the one of the letter', async () => {
    const ring = openKeyRing(flowKey, [oldKey])
    const letter = await newLetter()
    const forged = makeReturnToken(openKeyRing(oldKey).current, letter.id)
    const raw = nameless(letter, { to: `bounces+${forged}@example.com` })
    const answer = await receiveMessage({ ...flows.service, ring }, { door: 'message', raw, recipient: null })
    expect(answer).toMatchObject({ matched: false })
    expect((await story()).signup.status).toBe('pending')
  })

  test('because one character of its token is wrong', async () => {
    const { token } = await newLetter()
    await isUnmatched(`${token.slice(0, 20)}${token[20] === 'a' ? 'b' : 'a'}${token.slice(21)}`)
  })

  test('is kept with at most 64 KB, and at most ten thousand of them', async () => {
    const letter = await newLetter()
    await flows.receive(Buffer.concat([nameless(letter), Buffer.alloc(200_000, 'x')]))
    expect((await unmatched()).bytes).toBe(65_536)
    await sql`
      insert into bounces (id, received_at, door, fingerprint)
      select gen_random_uuid(), now() - interval '1 day' - n * interval '1 second', 'message', sha256(n::text::bytea)
      from generate_series(1, 10050) n`.execute(flows.service.db)
    const last = nameless(letter)
    await flows.receive(last)
    expect((await unmatched()).n).toBe(10_000)
    await flows.receive(last)
    expect((await unmatched()).n).toBe(10_000)
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from bounces where received_at > now() - interval '1 hour' and signup_id is null`.execute(
      flows.service.db,
    )
    expect(rows[0]?.n).toBeGreaterThan(1)
  })
})
