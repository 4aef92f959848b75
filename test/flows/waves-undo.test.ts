// Undoing a wave: whoever it hit gets a fresh letter, once, at a polite rate, and nobody else does.
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { confirm } from '../../src/flows/confirm.ts'
import { erasePerson } from '../../src/flows/erase-person.ts'
import { liftSuppression } from '../../src/flows/lift-suppression.ts'
import { readStats } from '../../src/flows/read-stats.ts'
import { undoWave } from '../../src/flows/undo-wave.ts'
import { findAddress } from '../../src/store/suppressions.ts'
import { someone, tokenIn } from '../support/flow-service.ts'
import { readStories, type Story } from '../support/stories.ts'
import { openWaveHouse, type WaveHouse } from '../support/wave-house.ts'

const unknown = '550 5.1.1 <x>: Recipient address rejected: User unknown'

let house: WaveHouse
let ill: string[]
let waveId: string

beforeEach(async () => {
  house = await openWaveHouse()
  await house.signUpMany('a.example', 12, 'well')
  house.refuses.set('a.example', unknown)
  ill = await house.signUpMany('a.example', 6, 'ill')
  await house.look()
  waveId = (await house.waves())[0]?.id ?? ''
})
afterEach(() => house.close())

const story = async (email: string): Promise<Story[]> => readStories(house.flows.service.db, email)
const statuses = async (email: string) => (await story(email)).map(({ signup }) => signup.status)
const lettersTo = (email: string) => house.taken.filter((letter) => letter.to === email)

async function undo(): Promise<void> {
  house.refuses.clear()
  expect(await undoWave(house.flows.service, waveId)).toBe(true)
  await house.undoAll()
}

/** Some seconds, one after the other, with what the sender does in each. */
async function send(seconds: number): Promise<void> {
  for (let n = 0; n < seconds; n++) {
    await house.tray.drained()
    house.flows.advance(1)
  }
}

test('each comes back as a new signup with a letter; the old one is replaced and keeps its evidence', async () => {
  await undo()
  await send(7)
  for (const email of ill) {
    const [old, fresh, ...more] = await story(email)
    expect(more).toEqual([])
    expect(old?.signup).toMatchObject({ status: 'replaced', source: 'footer' })
    expect(old?.types).toEqual(['signed-up', 'bounced', 'invalid', 'suppression-lifted', 'brought-back'])
    expect(old?.events.at(-1)?.detail).toEqual({ replaced_by: fresh?.signup.id, wave: waveId })
    expect(old?.bounces).toHaveLength(1)
    expect(fresh?.signup).toMatchObject({
      status: 'pending',
      source: 'footer',
      attributes: { name: email },
      locale: 'en',
    })
    expect(fresh?.letters).toMatchObject([{ state: 'sent' }])
    expect(lettersTo(email)).toHaveLength(1)
    const address = await findAddress(house.flows.service.db, old?.signup.address_hash ?? Buffer.alloc(0))
    expect(address).toMatchObject({ bounced_until: null, bounce_wait_seconds: null })
  }
  expect(await house.waves()).toMatchObject([
    { state: 'undone', ended_why: 'undone', undo_found: 6, undo_sent: 6, undo_skipped: 0 },
  ])
  const stats = await readStats(house.flows.service, { by: 'domain', from: null, to: null })
  expect(stats).toMatchObject({ items: [{ key: 'a.example', invalid: 6, brought_back: 6 }] })
})

test('the letters go out one a second, and each can be confirmed', async () => {
  await undo()
  const counts: number[] = []
  const before = house.taken.length
  for (let n = 0; n < 6; n++) {
    await send(1)
    counts.push(house.taken.length - before)
  }
  expect(counts).toEqual([1, 2, 3, 4, 5, 6])
  for (const email of ill) {
    const token = tokenIn(lettersTo(email)[0], 'confirm')
    expect(await confirm(house.flows.service, { token, client: someone, by: 'button' })).toMatchObject({
      kind: 'confirmed',
    })
  }
  expect(await statuses(ill[0] ?? '')).toEqual(['replaced', 'confirmed'])
})

test('asked for twice, at once or later, it happens once', async () => {
  house.refuses.clear()
  const asked = await Promise.all([1, 2, 3].map(() => undoWave(house.flows.service, waveId)))
  expect(asked).toEqual([true, true, true])
  await Promise.all([house.undoAll(), house.undoAll(), house.undoAll()])
  await house.undoAll()
  await undo()
  await send(8)
  for (const email of ill) {
    expect(await statuses(email)).toEqual(['replaced', 'pending'])
    expect(lettersTo(email)).toHaveLength(1)
  }
  expect(await house.waves()).toMatchObject([{ undo_sent: 6, undo_skipped: 0 }])
})

describe('not brought back is', () => {
  const untouched = async (email: string, left: readonly string[]) => {
    await undo()
    await send(8)
    expect(await statuses(email)).toEqual(left)
    expect(lettersTo(email)).toHaveLength(left.includes('pending') ? 1 : 0)
    expect(await house.waves()).toMatchObject([{ undo_sent: 5, undo_skipped: 1 }])
  }

  test('who has declined since', async () => {
    const email = ill[2] ?? ''
    const [old] = await story(email)
    const refused = house.flows.service
    await sql`
      update addresses set declined_at = ${refused.now()}, declined_until = ${new Date(refused.now().getTime() + 1e9)},
        declined_why = 'not-me' where hash = ${old?.signup.address_hash}`.execute(refused.db)
    await untouched(email, ['invalid'])
  })

  test('who has another signup open meanwhile', async () => {
    const email = ill[3] ?? ''
    house.refuses.clear()
    expect(await liftSuppression(house.flows.service, email)).toBe('lifted')
    await house.signUp(email)
    await house.tray.drained()
    await untouched(email, ['invalid', 'pending'])
  })

  test('who was erased', async () => {
    const email = ill[4] ?? ''
    await erasePerson({ ...house.flows.service, eraseFromMailbox: async () => {} }, email)
    house.refuses.clear()
    await undo()
    await send(8)
    expect(await statuses(email)).toEqual([])
    expect(lettersTo(email)).toEqual([])
    expect(await house.waves()).toMatchObject([{ undo_sent: 5, undo_skipped: 0 }])
  })

  test('whose mailbox was found not to exist again, after the wave', async () => {
    const email = ill[5] ?? ''
    house.flows.advance(3_600)
    await house.look()
    expect(await house.waves()).toMatchObject([{ state: 'over' }])
    house.flows.advance(24 * 3_600)
    await house.signUp(email)
    await house.tray.drained()
    await undo()
    await send(8)
    expect(await statuses(email)).toEqual(['invalid', 'invalid'])
    expect(await house.waves()).toMatchObject([{ undo_sent: 5, undo_skipped: 1 }])
  })
})

test('a wave that was undone too early and goes on is raised anew, and can be undone again', async () => {
  expect(await undoWave(house.flows.service, waveId)).toBe(true)
  house.flows.advance(1)
  await house.undoAll()
  await send(8)
  await house.look()
  expect(await house.waves()).toMatchObject([{ state: 'open', numbers: { clients: 6 } }, { state: 'undone' }])
  house.refuses.clear()
  await undoWave(house.flows.service, (await house.waves())[0]?.id ?? '')
  await house.undoAll()
  await send(8)
  for (const email of ill) expect(await statuses(email)).toEqual(['replaced', 'replaced', 'pending'])
})

test('an undoing that stops in the middle goes on where it was, and nobody gets two letters', async () => {
  house.refuses.clear()
  await undoWave(house.flows.service, waveId)
  const { service } = house.flows
  const stop = sql<void>`
    create function stop_in_the_middle() returns trigger language plpgsql as $$
    begin
      if new.undo_sent = 3 then raise exception 'the power is cut'; end if;
      return new;
    end $$`
  await stop.execute(service.db)
  await sql`create trigger stop before update on waves for each row execute function stop_in_the_middle()`.execute(
    service.db,
  )
  await expect(house.undoAll()).rejects.toThrow('the power is cut')
  await expect(house.undoAll()).rejects.toThrow('the power is cut')
  expect(await house.waves()).toMatchObject([{ undo_sent: 2, undo_done_at: null }])
  await sql`drop trigger stop on waves`.execute(service.db)
  await house.undoAll()
  await send(8)
  for (const email of ill) {
    expect(await statuses(email)).toEqual(['replaced', 'pending'])
    expect(lettersTo(email)).toHaveLength(1)
  }
  expect(await house.waves()).toMatchObject([{ undo_sent: 6, undo_skipped: 0 }])
  expect((await house.waves())[0]?.undo_done_at).not.toBeNull()
})

test('there is nothing to undo where there is no such wave', async () => {
  expect(await undoWave(house.flows.service, '01890000-0000-7000-8000-000000000000')).toBe(false)
})
