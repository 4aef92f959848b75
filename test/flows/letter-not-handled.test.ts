import { afterEach, expect, test, vi } from 'vitest'
import { openFlowService } from '../support/flow-service.ts'
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
