// A handle without a letter of its own while the relay is in trouble: it waits exactly as long as a letter would.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Handle } from '../../src/core/handles.ts'
import { letterStatus } from '../../src/flows/follow-letter.ts'
import { openLetterPace } from '../../src/flows/letter-pace.ts'
import { recordRelayRecovered, recordRelayTrouble } from '../../src/store/relay.ts'
import { type FlowService, openFlowService } from '../support/flow-service.ts'

let flows: FlowService

beforeAll(async () => {
  flows = await openFlowService()
})
afterAll(() => flows.close())

const quiet = (): Handle => ({ kind: 'quiet', sentAfter: 400, listId: 1, issuedAt: flows.service.now() })
const status = async (handle: Handle) => letterStatus(flows.service, handle)

test('sent before the trouble stays sent, at the same moment, during it and after it', async () => {
  const handle = quiet()
  expect(await status(handle)).toMatchObject({ letter: 'queued', at: handle.issuedAt })
  flows.advance(60)
  const sent = await status(handle)
  expect(sent).toMatchObject({ letter: 'sent', at: new Date(handle.issuedAt.getTime() + 400) })
  await recordRelayTrouble(flows.service.db, flows.service.now(), '421 closing')
  expect(await status(handle)).toEqual(sent)
  flows.advance(60)
  await recordRelayTrouble(flows.service.db, flows.service.now(), '421 still closing')
  await recordRelayRecovered(flows.service.db, flows.service.now())
  expect(await status(handle)).toEqual(sent)
})

test('made during the trouble waits for its end, and then as long as letters take', async () => {
  await recordRelayTrouble(flows.service.db, flows.service.now(), '421 closing')
  flows.advance(10)
  const handle = quiet()
  for (let minute = 0; minute < 10; minute++) {
    flows.advance(60)
    await recordRelayTrouble(flows.service.db, flows.service.now(), '421 still closing')
  }
  expect(await status(handle)).toMatchObject({ letter: 'queued', at: handle.issuedAt })
  const end = flows.service.now()
  await recordRelayRecovered(flows.service.db, end)
  expect((await status(handle)).letter).toBe('queued')
  flows.advance(0.4)
  expect(await status(handle)).toMatchObject({ letter: 'sent', at: new Date(end.getTime() + 400) })
  flows.advance(3_600)
  await recordRelayTrouble(flows.service.db, flows.service.now(), '421 closing again')
  expect((await status(handle)).letter).toBe('sent')
  await recordRelayRecovered(flows.service.db, flows.service.now())
})

test('trouble of which no sender speaks any more is over after two minutes', async () => {
  await recordRelayTrouble(flows.service.db, flows.service.now(), '421 closing, and the sender was ended')
  flows.advance(10)
  const handle = quiet()
  expect((await status(handle)).letter).toBe('queued')
  flows.advance(120)
  expect((await status(handle)).letter).toBe('sent')
})

test('the pace is that of letters that nothing held up', () => {
  let hear = (_: string): void => {}
  const pace = openLetterPace(
    {
      listen: (_, heard) => {
        hear = heard
        return () => {}
      },
      close: async () => {},
    },
    () => 0,
  )
  const guess = pace.sample()
  for (const payload of ['', 'id', 'id x', 'id 600000']) hear(payload)
  expect(pace.sample()).toBe(guess)
  hear('id 87')
  expect(pace.sample()).toBe(87)
})
