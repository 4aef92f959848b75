import { afterEach, expect, test, vi } from 'vitest'
import { openOutTray } from '../../src/flows/send-due-letters.ts'
import { openFlowService } from '../support/flow-service.ts'
import { eventually } from '../support/letters.ts'
import { readStories } from '../support/stories.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('a letter that could not be handled, as when the database went away, is not held on to: it goes out after its lease', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const flows = await openFlowService()
  const { findById } = flows.service.lists
  Object.assign(flows.service.lists, { findById: () => Promise.reject(new Error('Connection terminated')) })
  await flows.signUp('ann@example.com')
  expect(flows.letters).toEqual([])
  Object.assign(flows.service.lists, { findById })
  // as long as the lease, in the steps in which claims are renewed
  for (let step = 0; step < 5; step++) {
    flows.advance(7.5)
    await vi.advanceTimersByTimeAsync(7_500)
    await flows.outTray.drained()
  }
  expect(flows.lettersTo('ann@example.com')).toHaveLength(1)
  expect(await readStories(flows.service.db, 'ann@example.com')).toMatchObject([
    { letters: [{ state: 'sent' }] },
  ])
  await flows.close()
})

test('what is being claimed while the out-tray closes is given back, not kept for as long as a lease', async () => {
  const flows = await openFlowService()
  await flows.outTray.close()
  for (const name of ['ann', 'bob', 'eve']) await flows.signUp(`${name}@example.com`)
  const closing = openOutTray({
    ...flows.service,
    concurrency: 5,
    mailer: { send: async () => ({ kind: 'accepted', reply: '250 Ok' }), close: async () => {} },
  })
  closing.nudge()
  await closing.close()
  const claimed = flows.service.db.selectFrom('letters').select('id').where('claim', 'is not', null)
  expect(await claimed.execute()).toEqual([])
  await flows.close()
})

test('a letter that cannot be sent says nothing about a relay that is away', async () => {
  const flows = await openFlowService()
  flows.relay = () => ({ kind: 'trouble', reply: 'nobody answers' })
  await flows.signUp('ann@example.com')
  flows.relay = () => ({ kind: 'impossible', reason: 'the relay takes no such address' })
  const ended = () => flows.service.db.selectFrom('letters').select('id').where('state', '=', 'undeliverable')
  await eventually(async () => (await ended().execute()).length === 1)
  expect(flows.logged.some((line) => line.includes('relay-trouble'))).toBe(true)
  expect(flows.logged.some((line) => line.includes('relay-recovered'))).toBe(false)
  await flows.close()
})
