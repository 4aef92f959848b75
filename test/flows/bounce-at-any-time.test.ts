// Reports that come at an odd time or are odd themselves: after a click, as a complaint, as bytes of any kind.
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { confirm } from '../../src/flows/confirm.ts'
import { decline } from '../../src/flows/decline.ts'
import type { OutgoingLetter } from '../../src/mail/mailer.ts'
import { findAddress } from '../../src/store/suppressions.ts'
import { complaintAbout } from '../support/complaint.ts'
import { type FlowService, openFlowService, someone, tokenIn } from '../support/flow-service.ts'
import { readStories, type Story } from '../support/stories.ts'

let flows: FlowService
let email = ''
let person = 0

beforeAll(async () => {
  flows = await openFlowService()
})
afterAll(() => flows.close())
beforeEach(() => {
  email = `person${++person}@example.com`
})

async function newLetter(): Promise<OutgoingLetter> {
  await flows.signUp(email)
  const letter = flows.lettersTo(email).at(-1)
  if (letter === undefined) throw new Error(`no letter went to ${email}`)
  return letter
}

async function story(): Promise<Story> {
  const newest = (await readStories(flows.service.db, email)).at(-1)
  if (newest === undefined) throw new Error(`nothing is stored about ${email}`)
  return newest
}

const click = (letter: OutgoingLetter) =>
  confirm(flows.service, { token: tokenIn(letter, 'confirm'), client: someone })
const address = async () => findAddress(flows.service.db, (await story()).signup.address_hash)

describe('a signup that is not pending keeps its state whatever bounces', () => {
  test.each(['5.1.1', '5.2.2', '5.7.1'])(
    'confirmed, and then %s: recorded, and nothing is suppressed',
    async (code) => {
      const letter = await newLetter()
      await click(letter)
      expect(await flows.receive(flows.report(letter, code))).toMatchObject({ matched: true })
      const { signup, bounces, types } = await story()
      expect(signup).toMatchObject({ status: 'confirmed', reason: null, ended_at: null })
      expect(bounces).toHaveLength(1)
      expect(types.at(-1)).toBe('bounced')
      expect((await address())?.bounced_until).toBeNull()
      expect(await click(letter)).toMatchObject({ kind: 'already' })
    },
  )

  test('the letter that says "already on the list" may bounce too', async () => {
    await click(await newLetter())
    const already = await newLetter()
    await flows.receive(flows.report(already, '5.1.1'))
    expect(await story()).toMatchObject({
      signup: { status: 'confirmed' },
      letters: [{ kind: 'confirmation' }, { kind: 'already', state: 'undeliverable' }],
    })
  })

  test('declined stays declined', async () => {
    const letter = await newLetter()
    await decline(flows.service, { token: tokenIn(letter, 'not-me'), client: someone })
    await flows.receive(flows.report(letter, '5.1.1'))
    expect((await story()).signup).toMatchObject({ status: 'declined', reason: 'not-me' })
  })
})

describe('a complaint', () => {
  test('declines a pending signup and keeps letters away for 180 days', async () => {
    const letter = await newLetter()
    expect(await flows.receive(complaintAbout(letter))).toEqual({ matched: true, category: 'complaint' })
    expect((await story()).signup).toMatchObject({ status: 'declined', reason: 'complaint' })
    expect(await address()).toMatchObject({ declined_why: 'complaint', bounced_until: null })
    const before = flows.letters.length
    await flows.signUp(email)
    expect(flows.letters).toHaveLength(before)
    flows.advance(180 * 86_400)
    await flows.signUp(email)
    expect(flows.letters).toHaveLength(before + 1)
  })

  test('unsubscribes a confirmed one, once, and its departure says why', async () => {
    const letter = await newLetter()
    await click(letter)
    await flows.receive(complaintAbout(letter))
    await flows.receive(complaintAbout(letter))
    await flows.receive(complaintAbout(letter, '2'))
    const { signup, types } = await story()
    expect(signup).toMatchObject({ status: 'unsubscribed', reason: 'complaint' })
    expect(types.filter((type) => type === 'unsubscribed')).toHaveLength(1)
    const departures = await flows.service.db
      .selectFrom('departures')
      .selectAll()
      .where('signup_id', '=', signup.id)
      .execute()
    expect(departures).toMatchObject([{ email, why: 'complaint' }])
  })
})

describe('click and report at once', () => {
  test('end in one legal state, and both are recorded', async () => {
    const ends = new Set<string>()
    for (let turn = 0; turn < 12; turn++) {
      email = `person${++person}@example.com`
      const letter = await newLetter()
      const acts = [() => click(letter), () => flows.receive(flows.report(letter, '5.1.1'))]
      if (turn % 2) acts.reverse()
      const [one, other] = await Promise.all(acts.map((act) => act()))
      const outcome = turn % 2 ? other : one
      const { signup, types } = await story()
      ends.add(signup.status)
      expect(types.slice(0, 2)).toEqual(['signed-up', 'letter-sent'])
      if (signup.status === 'confirmed') {
        expect(outcome).toMatchObject({ kind: 'confirmed' })
        expect(types.slice(2)).toEqual(['confirmed', 'bounced'])
        expect((await address())?.bounced_until).toBeNull()
      } else {
        expect(signup.status).toBe('invalid')
        expect(outcome).toMatchObject({ kind: 'gone', code: 'address-invalid' })
        expect(types.slice(2)).toEqual(['bounced', 'invalid', 'clicked-too-late'])
      }
    }
    expect([...ends].every((status) => ['confirmed', 'invalid'].includes(status))).toBe(true)
  })

  test('two clicks at once confirm once', async () => {
    const letter = await newLetter()
    const kinds = (await Promise.all([click(letter), click(letter), click(letter)])).map(({ kind }) => kind)
    expect(kinds.sort()).toEqual(['already', 'already', 'confirmed'])
    expect((await story()).types.slice(2)).toEqual(['confirmed', 'clicked-again', 'clicked-again'])
  })
})

describe('bytes of any kind', () => {
  test('are taken without an error and change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        expect(await flows.receive(bytes)).toMatchObject({ matched: false })
      }),
      { numRuns: 50 },
    )
  })

  test('inside a real report, be they NUL or broken UTF-8, are taken too, matched or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.nat(2_000),
        fc.boolean(),
        async (noise, at, named) => {
          email = `person${++person}@example.com`
          const letter = await newLetter()
          const own = named ? {} : { to: 'a@example.com', originalHeaders: [] }
          const raw = flows.report(letter, '5.1.1', own)
          const place = at % raw.length
          await flows.receive(Buffer.concat([raw.subarray(0, place), noise, raw.subarray(place)]))
          expect(['pending', 'invalid']).toContain((await story()).signup.status)
        },
      ),
      { numRuns: 60 },
    )
  })

  const odd = [
    '\0',
    '\u{1F600}',
    '\\u0000',
    '\x1b[2J',
    '\u{1F600}'.repeat(3_000),
    `x${'\u{1F600}'.repeat(3_000)}`,
  ]
  test.each(odd)('in a reply, %j, are kept as far as a database can', async (noise) => {
    const letter = await newLetter()
    const raw = flows
      .report(letter, '5.1.1')
      .toString()
      .replace(/Diagnostic-Code: .*/, `Diagnostic-Code: smtp; 550 5.1.1 ${noise} User unknown ${noise}`)
      .replace(/Final-Recipient: .*/, `Final-Recipient: rfc822; ${noise}@example.com`)
    expect(await flows.receive(raw)).toMatchObject({ matched: true, category: 'mailbox-does-not-exist' })
    expect(await flows.receive(raw.replaceAll(letter.token, 'x'))).toMatchObject({ matched: false })
  })

  test.each([`x${'\u{1F600}'.repeat(6_000)}`, '\x07', '\u{1F600}', '\\u0000'])(
    'in what the relay says, %j, lose neither letter nor answer',
    async (noise) => {
      flows.relay = () => ({ kind: 'accepted', reply: `250 ok ${noise}` })
      await flows.signUp(email)
      expect(await story()).toMatchObject({ letters: [{ state: 'sent' }] })
      email = `refused-${email}`
      flows.relay = () => ({ kind: 'refused', reply: `550 5.1.1 ${noise} User unknown`, during: 'rcpt' })
      await flows.signUp(email)
      expect(await story()).toMatchObject({ signup: { status: 'invalid' } })
      email = `deferred-${email}`
      flows.relay = () => ({ kind: 'deferred', reply: `450 4.7.1 ${noise} later`, during: 'rcpt' })
      await flows.signUp(email)
      expect(await story()).toMatchObject({ letters: [{ state: 'queued', attempts: 1 }] })
      flows.relay = () => ({ kind: 'accepted', reply: '250 2.0.0 Ok' })
    },
  )
})

test('nothing of all this left an address in the log', async () => {
  await sql`select 1`.execute(flows.service.db)
  expect(flows.logged.filter((line) => line.includes('@example.com'))).toEqual([])
})
