import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import { openKeyRing } from '../../src/core/keys.ts'
import { openOutTray } from '../../src/flows/send-due-letters.ts'
import { day, openFlowService } from '../support/flow-service.ts'
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

test('a letter whose key is missing waits for it, said once, and ends after two days', async () => {
  const flows = await openFlowService()
  await flows.outTray.close()
  for (const name of ['ann', 'bob']) await flows.signUp(`${name}@example.com`)
  const letters: string[] = []
  const other = openKeyRing('another secret key, that has made none of these letters')
  const outTray = (ring: typeof other) =>
    openOutTray({
      ...flows.service,
      ring,
      concurrency: 5,
      mailer: {
        send: async ({ to }) => {
          letters.push(to)
          return { kind: 'accepted', reply: '250 Ok' }
        },
        close: async () => {},
      },
    })
  const without = outTray(other)
  for (let round = 0; round < 3; round++) {
    await without.drained()
    flows.advance(5 * 60)
  }
  expect(flows.logged.filter((line) => line.includes('key-missing'))).toHaveLength(1)
  expect(letters).toEqual([])
  const withIt = outTray(flows.service.ring)
  await sql`update letters set due_at = due_at + interval '1 hour' where recipient = 'bob@example.com'`.execute(
    flows.service.db,
  )
  await withIt.drained()
  expect(letters).toEqual(['ann@example.com'])
  await withIt.close()
  flows.advance(2 * day)
  await without.drained()
  await without.close()
  const [bob] = await readStories(flows.service.db, 'bob@example.com')
  expect(bob?.letters).toMatchObject([{ state: 'dropped' }])
  expect(bob?.signup.expires_at).not.toBeNull()
  await flows.close()
})
