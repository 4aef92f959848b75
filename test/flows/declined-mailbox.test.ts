// After not-me or a complaint of one spelling the whole mailbox gets one letter a day, for as long as that lasts.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decline, undoDecline } from '../../src/flows/decline.ts'
import { erasePerson } from '../../src/flows/erase-person.ts'
import { liftSuppression } from '../../src/flows/lift-suppression.ts'
import { purge } from '../../src/flows/purge.ts'
import { complaintAbout } from '../support/complaint.ts'
import {
  day,
  type FlowService,
  noFlowLimits,
  openFlowService,
  someone,
  tokenIn,
} from '../support/flow-service.ts'

const perDay = 4

let flows: FlowService
beforeEach(async () => {
  flows = await openFlowService({
    limits: { ...noFlowLimits, perMailbox: { count: perDay, seconds: day } },
  })
})
afterEach(() => flows.close())

let tags = 0
/** A day later: how many letters go to other spellings than the declined one. */
async function lettersToOthers(): Promise<number> {
  flows.advance(day + 1)
  const before = flows.letters.length
  for (let n = 0; n < perDay + 2; n++) await flows.signUp(`ann+${tags++}@example.com`)
  return flows.letters.length - before
}

async function firstLetter() {
  await flows.signUp('ann@example.com')
  const [letter] = flows.lettersTo('ann@example.com')
  if (letter === undefined) throw new Error('no letter')
  return letter
}

const notMe = async () => {
  const input = { token: tokenIn(await firstLetter(), 'not-me'), client: someone }
  await decline(flows.service, input)
  return input
}

test('before it, as many as the setting says; after it one, and again when it is taken back', async () => {
  expect(await lettersToOthers()).toBe(perDay)
  flows.advance(day + 1)
  const input = await notMe()
  expect(await lettersToOthers()).toBe(1)
  expect(await lettersToOthers()).toBe(1)
  await undoDecline(flows.service, input)
  expect(await lettersToOthers()).toBe(perDay)
})

test('of two spellings that said so one may take it back: the other still holds', async () => {
  const ann = await notMe()
  flows.advance(day + 1)
  await flows.signUp('ann+other@example.com')
  const [letter] = flows.lettersTo('ann+other@example.com')
  if (letter === undefined) throw new Error('no letter')
  const other = { token: tokenIn(letter, 'not-me'), client: someone }
  await decline(flows.service, other)
  await undoDecline(flows.service, ann)
  expect(await lettersToOthers()).toBe(1)
  await undoDecline(flows.service, other)
  expect(await lettersToOthers()).toBe(perDay)
})

test('a complaint does the same, until the admin lifts it', async () => {
  await flows.receive(complaintAbout(await firstLetter()))
  expect(await lettersToOthers()).toBe(1)
  expect(await liftSuppression(flows.service, 'ann@example.com')).toBe('lifted')
  expect(await lettersToOthers()).toBe(perDay)
})

test('it is over with the suppression, and not before: neither erasing nor purging ends it', async () => {
  await notMe()
  await erasePerson({ ...flows.service, eraseFromMailbox: async () => {} }, 'ann@example.com')
  expect(await lettersToOthers()).toBe(1)
  flows.advance(100 * day)
  expect((await purge(flows.service)).mailboxes).toBe(0)
  expect(await lettersToOthers()).toBe(1)
  flows.advance(80 * day)
  expect((await purge(flows.service)).mailboxes).toBe(1)
  expect(await lettersToOthers()).toBe(perDay)
})
