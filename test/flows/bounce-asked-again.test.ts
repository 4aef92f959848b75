import { expect, test } from 'vitest'
import { resend } from '../../src/flows/send-again.ts'
import { findAddress } from '../../src/store/suppressions.ts'
import { day, openFlowService } from '../support/flow-service.ts'
import { makeLists } from '../support/signup-entries.ts'
import { readStories } from '../support/stories.ts'

test('the wait doubles with a letter that the admin asked for meanwhile, and not with one from before', async () => {
  const flows = await openFlowService()
  const email = 'ann@example.com'
  await makeLists(flows.service.db, 'second')
  await flows.signUp(email, 'default')
  await flows.signUp(email, 'second')
  const { id, address_hash: hash } = (await readStories(flows.service.db, email))[0]?.signup ?? {}
  if (id === undefined || hash === undefined) throw new Error('nothing is stored')
  const bounceOf = async (n: number) => {
    const letter = flows.lettersTo(email)[n]
    if (letter === undefined) throw new Error(`there is no letter ${n}`)
    await flows.receive(flows.report(letter, '5.1.1'))
    return (await findAddress(flows.service.db, hash))?.bounce_wait_seconds
  }
  expect(await bounceOf(0)).toBe(day)
  flows.advance(60)
  expect(await bounceOf(1)).toBe(day)
  await resend(flows.service, id)
  await flows.outTray.drained()
  expect(await bounceOf(2)).toBe(2 * day)
  await flows.close()
})
