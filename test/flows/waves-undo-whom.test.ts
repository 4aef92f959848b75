// Who a wave is undone for: those that it made invalid, those that it left pending, and nobody else of the domain.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { resend } from '../../src/flows/send-again.ts'
import { undoWave } from '../../src/flows/undo-wave.ts'
import { readStories } from '../support/stories.ts'
import { openWaveHouse, type WaveHouse } from '../support/wave-house.ts'

const unknown = '550 5.1.1 <x>: Recipient address rejected: User unknown'
const full = '552 5.2.2 Mailbox full'

let house: WaveHouse
beforeEach(async () => {
  house = await openWaveHouse()
})
afterEach(() => house.close())

test('nobody else of the domain comes back: not one refused before the wave, nor one with a forward', async () => {
  house.refuses.set('a.example', unknown)
  await house.signUpMany('a.example', 1, 'gone')
  house.refuses.clear()
  await house.signUpMany('a.example', 40, 'well')
  const letter = house.taken[0]
  if (letter === undefined) throw new Error('no letter')
  house.refuses.set('a.example', unknown)
  await house.signUpMany('a.example', 8, 'ill')
  await house.flows.receive(
    house.flows
      .report(letter, '5.1.1', { recipient: 'elsewhere@example.net' })
      .toString()
      .replace(/Original-Recipient: .*/, `Original-Recipient: rfc822; ${letter.to}`),
  )
  await house.look()
  house.refuses.clear()
  const [wave] = await house.waves()
  await undoWave(house.flows.service, wave?.id ?? '')
  await house.undoAll()
  const { db } = house.flows.service
  expect((await readStories(db, 'gone0@a.example')).map(({ signup }) => signup.status)).toEqual(['invalid'])
  expect((await readStories(db, letter.to)).map(({ signup }) => signup.status)).toEqual(['invalid'])
  expect(await house.waves()).toMatchObject([{ undo_sent: 8 }])
})

test('those whom the wave left pending get one more letter about the same signup', async () => {
  await house.signUpMany('a.example', 12, 'well')
  house.refuses.set('a.example', full)
  const people = await house.signUpMany('a.example', 6, 'full')
  await house.look()
  const [wave] = await house.waves()
  house.refuses.clear()
  await resend(
    house.flows.service,
    (await readStories(house.flows.service.db, people[5] ?? ''))[0]?.signup.id ?? '',
  )
  await house.tray.drained()
  await undoWave(house.flows.service, wave?.id ?? '')
  await house.undoAll()
  for (let n = 0; n < 8; n++) {
    await house.tray.drained()
    house.flows.advance(1)
  }
  for (const email of people) {
    const [one, ...more] = await readStories(house.flows.service.db, email)
    expect(more).toEqual([])
    expect(one?.signup.status).toBe('pending')
    expect(one?.letters.map(({ state }) => state)).toEqual(['undeliverable', 'sent'])
  }
  // the admin has written to the last one already
  expect(await house.waves()).toMatchObject([{ undo_found: 6, undo_sent: 5, undo_skipped: 1 }])
})
