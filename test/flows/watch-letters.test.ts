// Whoever follows is told of every change, and however many follow, they are looked at together.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Handle } from '../../src/core/handles.ts'
import type { LetterStatus } from '../../src/flows/follow-letter.ts'
import { type LetterWatch, openLetterWatch } from '../../src/flows/watch-letters.ts'
import { inTransaction } from '../../src/store/open-database.ts'
import { confirmSignup, findByLetter, tellAboutLetters } from '../../src/store/signups.ts'
import { type FlowService, openFlowService } from '../support/flow-service.ts'
import { eventually } from '../support/letters.ts'

let flows: FlowService
let statements = 0
let isAway = false
let watch: LetterWatch

beforeAll(async () => {
  flows = await openFlowService()
})
afterAll(() => flows.close())
beforeEach(() => {
  isAway = false
  statements = 0
  watch = openWatch()
  return () => watch.close()
})

/** As it is, or polling sooner than it does. */
function openWatch(pollEveryMs?: number): LetterWatch {
  // Kysely's own way to see what is asked; what fails here fails as a database that is away.
  const db = flows.service.db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      statements++
      if (isAway) throw new Error('away')
      return result
    },
  })
  return openLetterWatch({ ...flows.service, db }, pollEveryMs)
}

function pollOften(): void {
  watch.close()
  watch = openWatch(100)
}

type Followed = { handle: Handle; heard: LetterStatus[]; stop: () => void }

async function letters(count: number): Promise<Handle[]> {
  const emails = Array.from({ length: count }, (_, n) => `visitor${n}.${crypto.randomUUID()}@example.com`)
  await Promise.all(emails.map((email) => flows.signUp(email)))
  const { db, now } = flows.service
  const rows = await db.selectFrom('letters').select('id').where('recipient', 'in', emails).execute()
  return rows.map(({ id }) => ({ kind: 'letter', letterId: id, listId: 1, issuedAt: now() }))
}

async function followed(count: number): Promise<Followed[]> {
  const found = await letters(count)
  statements = 0
  return Promise.all(
    found.map(async (handle) => {
      const heard: LetterStatus[] = []
      const stop = await watch.follow(handle, (status) => heard.push(status))
      return { handle, heard, stop }
    }),
  )
}

/** In one transaction, whatever their number. */
async function confirm(all: readonly Followed[]): Promise<void> {
  const { db, now } = flows.service
  await inTransaction(db, async (trx) => {
    for (const { handle } of all) {
      const found = handle.kind === 'letter' ? await findByLetter(trx, handle.letterId) : null
      if (found === null) throw new Error('the letter is gone')
      await confirmSignup(trx, found.signup, { letter: found.letter, at: now(), client: null })
      await tellAboutLetters(trx, found.signup.id)
    }
  })
}

test('a hundred that come together are looked at together, and each hears of its own letter', async () => {
  const all = await followed(100)
  expect(statements).toBeLessThan(50)
  expect(all.map(({ heard }) => heard.map(({ letter }) => letter))).toEqual(all.map(() => ['sent']))
  const [first, second] = all
  if (first === undefined || second === undefined) throw new Error('nobody follows')
  await confirm([first])
  await eventually(async () => first.heard.length === 2)
  expect(first.heard.at(-1)?.letter).toBe('confirmed')
  expect(second.heard).toHaveLength(1)
  statements = 0
  await confirm(all.slice(1))
  await eventually(async () => all.every(({ heard }) => heard.at(-1)?.letter === 'confirmed'))
  expect(statements).toBeLessThan(50)
  expect(all.every(({ heard }) => heard.length === 2)).toBe(true)
})

test('who has stopped hears nothing, beside one that follows the same letter', async () => {
  const [one] = await followed(1)
  if (one === undefined) throw new Error('nobody follows')
  const heard: LetterStatus[] = []
  await watch.follow(one.handle, (status) => heard.push(status))
  one.stop()
  one.stop()
  await confirm([one])
  await eventually(async () => heard.length === 2)
  expect(one.heard).toHaveLength(1)
})

test('without a notice a change is heard of by the next poll', async () => {
  pollOften()
  const [one] = await followed(1)
  if (one === undefined || one.handle.kind !== 'letter') throw new Error('nobody follows')
  await flows.service.db
    .updateTable('letters')
    .set({ sent_at: new Date(one.handle.issuedAt.getTime() + 1_000) })
    .where('id', '=', one.handle.letterId)
    .execute()
  await eventually(async () => one.heard.length === 2)
})

test('without a database nobody begins to follow; who follows already hears of it afterwards', async () => {
  pollOften()
  const [one] = await followed(1)
  const [late] = await letters(1)
  if (one === undefined || late === undefined) throw new Error('nobody follows')
  isAway = true
  await expect(watch.follow(late, () => undefined)).rejects.toThrow('away')
  await confirm([one])
  await eventually(async () => statements > 6)
  isAway = false
  await eventually(async () => one.heard.at(-1)?.letter === 'confirmed')
})
