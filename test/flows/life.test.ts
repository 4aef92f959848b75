// The life of a signup under everything that can happen to it, in any order and at once: whatever comes, each signup
// is in the state that its events tell, and nobody is on a list who did not click.
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { confirm } from '../../src/flows/confirm.ts'
import { decline, undoDecline } from '../../src/flows/decline.ts'
import { expireSignups } from '../../src/flows/expire-signups.ts'
import { correct, renew, resend } from '../../src/flows/send-again.ts'
import { unsubscribe } from '../../src/flows/unsubscribe.ts'
import type { OutgoingLetter, SendResult } from '../../src/mail/mailer.ts'
import { complaintAbout } from '../support/complaint.ts'
import { day, type FlowService, openFlowService, someone, tokenIn } from '../support/flow-service.ts'
import { readStories, type Story } from '../support/stories.ts'

let flows: FlowService
let run = 0

beforeAll(async () => {
  flows = await openFlowService()
  const list = { slug: 'second', name: 'Second', locale: 'en' }
  await flows.service.db.insertInto('lists').values(list).execute()
})
afterAll(() => flows.close())

const replies: readonly SendResult[] = [
  { kind: 'accepted', reply: '250 2.0.0 Ok' },
  { kind: 'accepted', reply: '250 2.0.0 Ok' },
  { kind: 'accepted', reply: '250 2.0.0 Ok' },
  { kind: 'refused', reply: '550 5.1.1 User unknown', during: 'rcpt' },
  { kind: 'refused', reply: '552 5.2.2 Mailbox full', during: 'rcpt' },
  { kind: 'deferred', reply: '450 4.7.1 Try again later', during: 'rcpt' },
  { kind: 'impossible', reason: 'the relay does not offer SMTPUTF8' },
]
const statuses = ['5.1.1', '5.1.2', '5.1.3', '5.2.1', '5.2.2', '5.7.1', '5.3.4', '4.4.7'] as const

/** Who, about which of the letters so far, and what. Numbers are taken modulo what there is. */
type Act = { verb: Verb; person: number; list: number; letter: number; status: (typeof statuses)[number] }
type Moment = { acts: Act[]; reply: SendResult; passes: number }
type Run = {
  emails: readonly [string, string]
  letters: OutgoingLetter[]
  clicked: Set<string>
  stories: Story[]
}

const verbs = {
  signUp: ({ emails }: Run, act: Act) =>
    flows.signUp(emails[act.person] ?? emails[0], act.list === 0 ? 'default' : 'second'),
  async click(all: Run, act: Act) {
    const letter = confirmationIn(all, act)
    if (letter === undefined) return
    all.clicked.add(letter.id)
    await confirm(flows.service, { token: tokenIn(letter, 'confirm'), client: someone })
  },
  async notMe(all: Run, act: Act) {
    const letter = confirmationIn(all, act)
    if (letter) await decline(flows.service, { token: tokenIn(letter, 'not-me'), client: someone })
  },
  async undo(all: Run, act: Act) {
    const letter = confirmationIn(all, act)
    if (letter) await undoDecline(flows.service, { token: tokenIn(letter, 'not-me'), client: someone })
  },
  async renew(all: Run, act: Act) {
    const letter = confirmationIn(all, act)
    if (letter) await renew(flows.service, { token: tokenIn(letter, 'confirm'), client: someone })
  },
  async bounce({ letters }: Run, act: Act) {
    const letter = letters[act.letter % letters.length]
    if (letter) await flows.receive(flows.report(letter, act.status))
  },
  async complain({ letters }: Run, act: Act) {
    const letter = letters[act.letter % letters.length]
    if (letter) await flows.receive(complaintAbout(letter))
  },
  async unsubscribe({ stories }: Run, act: Act) {
    const id = stories[act.letter % stories.length]?.signup.id
    if (id === undefined) return
    const token = flows.service.links.unsubscribe(flows.service.ring.current, id).split('/').at(-1) ?? ''
    await unsubscribe(flows.service, { token, client: someone })
  },
  async resend({ stories }: Run, act: Act) {
    const story = stories[act.letter % stories.length]
    if (story) await resend(flows.service, story.signup.id)
  },
  async correct({ stories, emails }: Run, act: Act) {
    const story = stories[act.letter % stories.length]
    const email = emails[act.person] ?? emails[0]
    if (story) await correct(flows.service, { signupId: story.signup.id, email })
  },
  expire: () => expireSignups(flows.service),
  send: () => flows.outTray.drained(),
}
type Verb = keyof typeof verbs

function confirmationIn({ letters }: Run, act: Act): OutgoingLetter | undefined {
  const confirmations = letters.filter((letter) => letter.text.includes('/confirm/'))
  return confirmations[act.letter % confirmations.length]
}

const moment: fc.Arbitrary<Moment> = fc.record({
  acts: fc.array(
    fc.record({
      verb: fc.constantFrom<Verb>(
        ...Object.keys(verbs).filter((name): name is Verb => name in verbs),
        'signUp',
        'click',
      ),
      person: fc.nat(1),
      list: fc.nat(1),
      letter: fc.nat(20),
      status: fc.constantFrom(...statuses),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  reply: fc.constantFrom(...replies),
  passes: fc.constantFrom(0, 1, 60, day, 7 * day + 1),
})

async function readAll(emails: Run['emails']): Promise<Story[]> {
  return (await Promise.all(emails.map((email) => readStories(flows.service.db, email)))).flat()
}

/** The state that a signup's events lead to. */
function told(types: readonly string[]): string {
  let status = 'none'
  for (const type of types) {
    // what was asked for by the admin or by an old link begins a signup, or writes again about the open one
    if (type === 'signed-up' || (type === 'letter-asked' && status === 'none')) status = 'pending'
    if (type === 'declined' && status === 'pending') status = 'declined'
    if (type === 'corrected') status = 'replaced'
    if (['confirmed', 'invalid', 'unsubscribed', 'expired'].includes(type)) status = type
  }
  return status
}

async function check(all: Run, before: readonly Story[]): Promise<void> {
  for (const { signup, types, letters, events } of all.stories) {
    expect(told(types), types.join(' ')).toBe(signup.status)
    expect(types.filter((type) => type === 'confirmed').length).toBe(signup.confirmed_at === null ? 0 : 1)
    for (const letter of letters) {
      const about = events.filter((event) => event.letter_id === letter.id).map(({ type }) => type)
      expect(about.some((type) => type.startsWith('signed-up') || type === 'letter-asked')).toBe(true)
      if (letter.state === 'sent') expect(about).toContain('letter-sent')
      if (letter.state === 'undeliverable') expect(about).toContain('bounced')
      if (letter.state === 'dropped') expect(about).toContain('letter-dropped')
    }
  }
  for (const { signup, events } of before) {
    const now = all.stories.find((story) => story.signup.id === signup.id)
    expect(now?.events.slice(0, events.length)).toEqual(events)
    if (signup.confirmed_at !== null) expect(now?.signup.confirmed_at).toEqual(signup.confirmed_at)
  }
  const open = all.stories.filter(({ signup }) => ['pending', 'confirmed'].includes(signup.status))
  const places = open.map(({ signup }) => `${signup.list_id} ${signup.address_hash.toString('hex')}`)
  expect(new Set(places).size).toBe(places.length)
  const { rows } = await sql<{ email: string; confirmed_by: string }>`
    select email, confirmed_by from subscribers where email = any(${[...all.emails]})`.execute(
    flows.service.db,
  )
  expect(rows.filter((row) => !all.clicked.has(row.confirmed_by))).toEqual([])
}

test('whatever happens, in any order and at once, leads to a legal state and is recorded', async () => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { minLength: 3, maxLength: 12 }), async (moments) => {
      run++
      const emails = [`one${run}@example.com`, `two${run}@example.com`] as const
      const all: Run = { emails, letters: [], clicked: new Set(), stories: [] }
      flows.relay = () => ({ kind: 'accepted', reply: '250 2.0.0 Ok' })
      await flows.signUp(emails[0])
      for (const { acts, reply, passes } of moments) {
        all.letters = emails.flatMap((email) => flows.lettersTo(email))
        const before = await readAll(emails)
        all.stories = before
        flows.relay = () => reply
        await Promise.all(acts.map((act) => verbs[act.verb](all, act)))
        all.stories = await readAll(emails)
        await check(all, before)
        for (const { signup } of all.stories) seen.add(signup.status)
        flows.advance(passes)
      }
    }),
    { numRuns: 30, endOnFailure: false },
  )
  expect([...seen].sort()).toEqual([
    'confirmed',
    'declined',
    'expired',
    'invalid',
    'pending',
    'replaced',
    'unsubscribed',
  ])
  expect(flows.logged).toEqual([])
}, 60_000)
