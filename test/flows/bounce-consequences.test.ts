// What a report about a letter does to its signup and its address, whichever way it came in.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { confirm } from '../../src/flows/confirm.ts'
import { renew } from '../../src/flows/send-again.ts'
import type { OutgoingLetter } from '../../src/mail/mailer.ts'
import { findAddress } from '../../src/store/suppressions.ts'
import { day, type FlowService, openFlowService, someone, tokenIn } from '../support/flow-service.ts'
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
  flows.relay = () => ({ kind: 'accepted', reply: '250 2.0.0 Ok' })
})

async function story(): Promise<Story> {
  const newest = (await readStories(flows.service.db, email)).at(-1)
  if (newest === undefined) throw new Error(`nothing is stored about ${email}`)
  return newest
}

async function newLetter(): Promise<OutgoingLetter> {
  const before = flows.lettersTo(email).length
  await flows.signUp(email)
  const letter = flows.lettersTo(email)[before]
  if (letter === undefined) throw new Error(`no letter went to ${email}`)
  return letter
}

const asked = async () => (await readStories(flows.service.db, email)).length
const click = (letter: OutgoingLetter) =>
  confirm(flows.service, { token: tokenIn(letter, 'confirm'), client: someone })

/** Days from now that the address rests after its bounce; 0 if it does not. */
async function restsFor(): Promise<number> {
  const { address_hash: hash } = (await story()).signup
  const until = (await findAddress(flows.service.db, hash))?.bounced_until
  return until == null ? 0 : Math.round((until.getTime() - flows.service.now().getTime()) / 1000) / day
}

const cases = [
  ['5.1.1', 'mailbox-does-not-exist', 'invalid'],
  ['5.1.2', 'domain-problem', 'invalid'],
  ['5.1.3', 'bad-address', 'invalid'],
  ['5.2.1', 'mailbox-disabled', 'pending'],
  ['5.2.2', 'mailbox-full', 'pending'],
  ['5.7.1', 'policy-or-spam', 'pending'],
  ['5.3.4', 'other-permanent', 'pending'],
] as const
const says: Record<string, string> = {
  '5.1.1': '550 5.1.1 User unknown',
  '5.1.2': '550 5.1.2 Domain not found',
  '5.1.3': '501 5.1.3 Bad recipient address syntax',
  '5.2.1': '550 5.2.1 Mailbox disabled, not accepting messages',
  '5.2.2': '552 5.2.2 Mailbox full',
  '5.7.1': '554 5.7.1 Message rejected due to local policy',
  '5.3.4': '552 5.3.4 Message too big for system',
}

describe('each category, refused while sending and reported later alike', () => {
  test.each(cases)('%s is %s: the signup is %s', async (code, category, status) => {
    flows.relay = () => ({ kind: 'refused', reply: says[code] ?? '', during: 'rcpt' })
    await flows.signUp(email)
    const refused = await story()

    email = `later-${email}`
    flows.relay = () => ({ kind: 'accepted', reply: '250 2.0.0 Ok' })
    const letter = await newLetter()
    const raw = flows.report(letter, code, { diagnostic: says[code] ?? '' })
    expect(await flows.receive(raw)).toEqual({ matched: true, category })
    const reported = await story()

    for (const one of [refused, reported]) {
      expect(one.signup).toMatchObject({ status, reason: status === 'invalid' ? category : null })
      expect(one.letters).toMatchObject([{ state: 'undeliverable', reason: category, status: code }])
      expect(one.bounces).toMatchObject([{ category, status: code }])
      expect(one.types.filter((type) => type === 'bounced')).toHaveLength(1)
      expect(one.types.includes('invalid')).toBe(status === 'invalid')
    }
    expect(refused.letters[0]?.reply).toBe(says[code])
    expect(await restsFor()).toBe(category === 'mailbox-does-not-exist' ? 1 : 0)
  })

  test('temporary: the letter is tried again, and after two days it is undeliverable and the signup pending', async () => {
    flows.relay = () => ({ kind: 'deferred', reply: '450 4.7.1 Try again later', during: 'rcpt' })
    await flows.signUp(email)
    expect(await story()).toMatchObject({ letters: [{ state: 'queued', attempts: 1, reason: 'temporary' }] })
    for (let tries = 0; tries < 40 && (await story()).letters[0]?.state === 'queued'; tries++) {
      flows.advance(6 * 3_600)
      await flows.outTray.drained()
    }
    const over = await story()
    expect(over).toMatchObject({
      signup: { status: 'pending' },
      letters: [{ state: 'undeliverable', reason: 'temporary' }],
      bounces: [{ category: 'temporary' }],
    })
    expect(over.signup.expires_at).not.toBeNull()
    expect(await restsFor()).toBe(0)
  })

  test('a report of a delay says nothing final', async () => {
    const letter = await newLetter()
    const raw = flows.report(letter, '4.4.1').toString().replace('Action: failed', 'Action: delayed')
    expect(await flows.receive(raw)).toEqual({ matched: true, category: null })
    expect(await story()).toMatchObject({
      signup: { status: 'pending' },
      letters: [{ state: 'sent' }],
      bounces: [],
    })
  })

  test('what answers MAIL FROM or the login is not about the address: nothing is recorded on it', async () => {
    const other = await openFlowService()
    other.relay = () => ({ kind: 'trouble', reply: '550 5.1.1 who are you' })
    await other.signUp(email)
    expect(await readStories(other.service.db, email)).toMatchObject([
      {
        signup: { status: 'pending' },
        letters: [{ state: 'queued', attempts: 0, reply: null, reason: null }],
        bounces: [],
      },
    ])
    await other.close()
  })
})

describe('a report about a letter that is not the newest', () => {
  test('is recorded and changes nothing', async () => {
    const first = await newLetter()
    await newLetter()
    const before = await story()
    expect(await flows.receive(flows.report(first, '5.1.1'))).toMatchObject({ matched: true })
    const after = await story()
    expect(after.signup).toEqual(before.signup)
    expect(after.letters).toEqual(before.letters)
    expect(after.bounces).toMatchObject([{ category: 'mailbox-does-not-exist', letter_id: first.id }])
    expect(after.types).toEqual([...before.types, 'bounced'])
    expect(await restsFor()).toBe(0)
  })

  test('leaves the newest to decide', async () => {
    const first = await newLetter()
    const second = await newLetter()
    await flows.receive(flows.report(second, '5.1.1'))
    await flows.receive(flows.report(first, '5.2.2'))
    expect((await story()).signup).toMatchObject({ status: 'invalid', reason: 'mailbox-does-not-exist' })
  })
})

describe('the life of the link', () => {
  test('is counted from the acceptance: a report that leaves the signup pending does not make it longer', async () => {
    const letter = await newLetter()
    const { expires_at: before } = (await story()).signup
    flows.advance(5 * day)
    await flows.receive(flows.report(letter, '5.2.2'))
    expect((await story()).signup.expires_at).toEqual(before)
  })

  test('is not begun anew by a further letter that was too late to be sent', async () => {
    const letter = await newLetter()
    flows.advance(7 * day - 10)
    flows.relay = () => ({ kind: 'deferred', reply: '450 4.7.1 Try again later', during: 'rcpt' })
    await flows.signUp(email)
    flows.relay = () => ({ kind: 'accepted', reply: '250 2.0.0 Ok' })
    flows.advance(60)
    await flows.outTray.drained()
    expect(await story()).toMatchObject({ letters: [{ state: 'sent' }, { state: 'dropped' }] })
    expect(await click(letter)).toMatchObject({ kind: 'gone', code: 'link-expired' })
    expect((await story()).signup.status).toBe('expired')
  })

  test('of a signup no letter of which was ever taken ends all the same', async () => {
    flows.relay = () => ({ kind: 'refused', reply: '552 5.2.2 Mailbox full', during: 'rcpt' })
    await flows.signUp(email)
    const { expires_at: end } = (await story()).signup
    expect(end?.getTime()).toBe(flows.service.now().getTime() + 7 * day * 1000)
  })
})

describe('suppression after 5.1.1', () => {
  test('is a day, doubles with each trial letter, and never passes SUPPRESS_FOR', async () => {
    const waits: number[] = []
    for (let times = 0; times < 10; times++) {
      await flows.receive(flows.report(await newLetter(), '5.1.1'))
      const wait = await restsFor()
      waits.push(wait)
      const [letters, signups] = [flows.lettersTo(email).length, await asked()]
      flows.advance(wait * day - 1)
      await flows.signUp(email)
      expect([flows.lettersTo(email).length, await asked()]).toEqual([letters, signups])
      flows.advance(1)
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 180, 180])
  })

  test('ends with a confirmation, and the next one is a day again', async () => {
    await flows.receive(flows.report(await newLetter(), '5.1.1'))
    flows.advance(day)
    await flows.receive(flows.report(await newLetter(), '5.1.1'))
    expect(await restsFor()).toBe(2)
    flows.advance(2 * day)
    expect(await click(await newLetter())).toMatchObject({ kind: 'confirmed' })
    expect(await restsFor()).toBe(0)
    const hash = (await story()).signup.address_hash
    expect(await findAddress(flows.service.db, hash)).toMatchObject({
      bounce_wait_seconds: null,
      bounce_reply: null,
    })
  })

  test('ends by renewing: who holds the link got the letter', async () => {
    const letter = await newLetter()
    await flows.receive(flows.report(letter, '5.1.1'))
    const renewed = await renew(flows.service, { token: tokenIn(letter, 'confirm'), client: someone })
    await flows.outTray.drained()
    expect(renewed).toMatchObject({ kind: 'accepted', email })
    expect(flows.lettersTo(email)).toHaveLength(2)
    expect(await restsFor()).toBe(0)
    const stories = await readStories(flows.service.db, email)
    expect(stories.map(({ signup }) => signup.status)).toEqual(['invalid', 'pending'])
    expect(stories[0]?.types.at(-1)).toBe('renewed')
    expect(await click(flows.lettersTo(email)[1] ?? letter)).toMatchObject({ kind: 'confirmed' })
  })

  test('does not follow from a failure behind a forward: the address itself exists', async () => {
    const letter = await newLetter()
    const raw = flows
      .report(letter, '5.1.1', { recipient: 'elsewhere@example.net' })
      .toString()
      .replace(/Original-Recipient: .*/, `Original-Recipient: rfc822; ${email}`)
    expect(await flows.receive(raw)).toMatchObject({ matched: true, category: 'mailbox-does-not-exist' })
    expect((await story()).signup.status).toBe('invalid')
    expect(await restsFor()).toBe(0)
  })
})
