// What a provider told, once it is proven: stale things and tokens that are good for one content.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Delivered, receiveEvents } from '../../src/flows/receive-events.ts'
import { composeLetter } from '../../src/mail/compose.ts'
import { type FlowService, openFlowService } from '../support/flow-service.ts'
import { readMarks, refusalOf } from '../support/webhook-calls.ts'

let flows: FlowService
beforeAll(async () => {
  flows = await openFlowService({ markedFor: ['mailgun', 'sendgrid'] })
})
afterAll(() => flows.close())

let count = 0
async function deliveredAbout(provider: 'mailgun' | 'sendgrid'): Promise<Delivered> {
  const email = `ann-${count++}@example.com`
  await flows.signUp(email)
  const [letter] = flows.lettersTo(email)
  if (letter === undefined) throw new Error('no letter was sent')
  const event = refusalOf(provider, readMarks(composeLetter(letter, new Date()).toString(), email))
  const payload = provider === 'mailgun' ? { 'event-data': event } : [event]
  const once = provider === 'mailgun' ? { token: email, content: JSON.stringify(payload) } : null
  return { provider, payload, isStale: false, once }
}

test.each(['mailgun', 'sendgrid'] as const)(
  'a stale delivery of %s is taken only where it is a repeat',
  async (name) => {
    const delivered = await deliveredAbout(name)
    const stale = { ...delivered, isStale: true }
    expect(await receiveEvents(flows.service, stale)).toEqual({ kind: 'stale' })
    expect(await receiveEvents(flows.service, delivered)).toEqual({ kind: 'taken', received: 1, matched: 1 })
    expect(await receiveEvents(flows.service, stale)).toEqual({ kind: 'taken', received: 1, matched: 1 })
  },
)

test('a batch that is stale is a repeat only where every event of it is', async () => {
  const [known, fresh] = [await deliveredAbout('sendgrid'), await deliveredAbout('sendgrid')]
  await receiveEvents(flows.service, known)
  const payload = [known.payload, fresh.payload].flat()
  expect(await receiveEvents(flows.service, { ...known, payload, isStale: true })).toEqual({ kind: 'stale' })
})

test('a token that was seen with something else is replayed, fresh or stale', async () => {
  const [first, second] = [await deliveredAbout('mailgun'), await deliveredAbout('mailgun')]
  await receiveEvents(flows.service, first)
  const once = { token: first.once?.token ?? '', content: second.once?.content ?? '' }
  expect(await receiveEvents(flows.service, { ...second, once })).toEqual({ kind: 'replayed' })
  expect(await receiveEvents(flows.service, { ...second, once, isStale: true })).toEqual({ kind: 'stale' })
})
