// BOUNCE_GUARD=pause: while a wave is open, letters to where it is wait; one now and then finds out whether it is over.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { resumeWave } from '../../src/flows/end-wave.ts'
import { letterStatus, letterStatuses, readHandle } from '../../src/flows/follow-letter.ts'
import { signUp } from '../../src/flows/sign-up.ts'
import { undoWave } from '../../src/flows/undo-wave.ts'
import { openWaveHouse, type WaveHouse } from '../support/wave-house.ts'

const unknown = '550 5.1.1 <x>: Recipient address rejected: User unknown'

let house: WaveHouse
beforeEach(async () => {
  house = await openWaveHouse({ pauses: true })
})
afterEach(() => house.close())

async function outage(domains: readonly string[], reply: string): Promise<void> {
  for (const domain of domains) await house.signUpMany(domain, 12, 'well')
  for (const domain of domains) house.refuses.set(domain, reply)
  for (const domain of domains) await house.signUpMany(domain, 6, 'ill')
  await house.look()
  expect(await house.waves()).toMatchObject([{ state: 'open' }])
}

const lettersOf = (domain: string, name: string) =>
  house.flows.service.db
    .selectFrom('letters')
    .selectAll()
    .where('recipient', 'like', `${name}%@${domain}`)
    .orderBy('id')
    .execute()
const states = async (domain: string, name: string) => {
  const letters = await lettersOf(domain, name)
  return letters.map(({ state, held_by: wave }) => (state === 'queued' && wave !== null ? 'held' : state))
}

/** The clock's turns over some time. */
async function pass(minutes: number): Promise<void> {
  for (let n = 0; n < minutes; n++) {
    house.flows.advance(60)
    await house.look()
    await house.tray.drained()
  }
}

describe('a wave at one domain', () => {
  beforeEach(() => outage(['a.example'], unknown))

  test('holds its letters, all but one, and no other’s; no attempt is counted', async () => {
    await house.signUpMany('a.example', 5, 'held')
    await house.signUpMany('b.example', 3, 'free')
    expect(await states('a.example', 'held')).toEqual(['undeliverable', ...Array(4).fill('held')])
    expect(await states('b.example', 'free')).toEqual(['sent', 'sent', 'sent'])
    const letters = await lettersOf('a.example', 'held')
    expect(letters.slice(1).map(({ attempts, claim, reason }) => [attempts, claim, reason])).toEqual(
      Array(4).fill([0, null, null]),
    )
  })

  test('lets a single letter try every five minutes, whatever comes up again', async () => {
    await house.signUpMany('a.example', 12, 'held')
    const tried = async () => (await states('a.example', 'held')).filter((state) => state !== 'held').length
    expect(await tried()).toBe(1)
    await pass(30)
    expect(await tried()).toBeGreaterThanOrEqual(4)
    expect(await tried()).toBeLessThanOrEqual(7)
    expect(await house.waves()).toMatchObject([{ state: 'open' }])
  })

  test('is over once a letter got through and nothing came back; what was held goes out', async () => {
    await house.signUpMany('a.example', 12, 'held')
    house.refuses.clear()
    await pass(25)
    expect(await house.waves()).toMatchObject([{ state: 'over', ended_why: 'trial' }])
    const all = await states('a.example', 'held')
    expect(all.filter((state) => state === 'undeliverable')).toHaveLength(1)
    expect(all.filter((state) => state === 'sent')).toHaveLength(11)
  })

  test('does not end because nothing is refused while nothing is sent', async () => {
    await house.signUpMany('a.example', 3, 'held')
    for (let n = 0; n < 3; n++) {
      house.flows.advance(3_600)
      await house.look()
    }
    expect(await house.waves()).toMatchObject([{ state: 'open' }])
  })

  test.each([
    ['the admin ends', resumeWave],
    ['the admin undoes', undoWave],
  ])('that %s lets go what it held, one letter after the other', async (_, act) => {
    await house.signUpMany('a.example', 6, 'held')
    house.refuses.clear()
    const [wave] = await house.waves()
    await act(house.flows.service, wave?.id ?? '')
    // the sender does not know yet that the wave is over
    await house.tray.drained()
    expect((await states('a.example', 'held')).filter((state) => state === 'sent')).toHaveLength(1)
    house.flows.advance(5)
    await house.tray.drained()
    expect((await states('a.example', 'held')).filter((state) => state === 'sent')).toHaveLength(5)
  })

  test('a process that knows of no guard sends what another has held, in ten minutes at most', async () => {
    await house.signUpMany('a.example', 3, 'held')
    house.flows.advance(601)
    await house.flows.outTray.drained()
    expect((await lettersOf('a.example', 'held')).map(({ state }) => state)).toEqual([
      'undeliverable',
      'sent',
      'sent',
    ])
  })
})

test('a wave of our reputation holds everything but a trickle', async () => {
  await outage(['a.example', 'b.example', 'c.example'], '550 5.7.1 Message rejected due to local policy')
  for (let n = 0; n < 30; n++) await house.signUp(`new${n}@d.example`)
  await house.tray.drained()
  expect((await states('d.example', 'new')).filter((state) => state === 'sent')).toHaveLength(1)
  for (let n = 0; n < 6; n++) {
    house.flows.advance(10)
    await house.signUp(`later${n}@d.example`)
    await house.tray.drained()
  }
  expect(await states('d.example', 'later')).toEqual(Array(6).fill('sent'))
})

test('the letter of a person who declines while it is held does not go out', async () => {
  await outage(['a.example'], unknown)
  await house.signUpMany('a.example', 2, 'held')
  const [, held] = await lettersOf('a.example', 'held')
  const { db } = house.flows.service
  await db
    .updateTable('signups')
    .set({ status: 'declined', reason: 'not-me', ended_at: house.flows.service.now(), expires_at: null })
    .where('id', '=', held?.signup_id ?? '')
    .execute()
  house.refuses.clear()
  const [wave] = await house.waves()
  await resumeWave(house.flows.service, wave?.id ?? '')
  await house.look()
  house.flows.advance(10)
  await house.tray.drained()
  expect((await lettersOf('a.example', 'held')).map(({ state }) => state)).toEqual([
    'undeliverable',
    'dropped',
  ])
})

test('a handle without a letter waits as long as a held letter, and no longer; elsewhere it waits for nothing', async () => {
  const { service } = house.flows
  const handleOf = async (email: string, honeypot: boolean) => {
    const result = await signUp(service, {
      email,
      list: 'default',
      asTyped: true,
      locale: () => 'en',
      source: null,
      attributes: null,
      consent: null,
      honeypot,
      client: { address: '198.51.100.77', key: null, wideKey: null, agent: null },
    })
    if (result.kind !== 'accepted') throw new Error(`the signup was answered with ${result.kind}`)
    const handle = readHandle(service, result.handle)
    if (handle === null) throw new Error('the handle cannot be opened')
    return handle
  }
  const early = await handleOf('early@a.example', true)
  await outage(['a.example'], unknown)
  // the one that tries
  await house.signUpMany('a.example', 1, 'trial')
  const followed = [
    await handleOf('real@a.example', false),
    await handleOf('nobody@a.example', true),
    await handleOf('real@b.example', false),
    await handleOf('nobody@b.example', true),
  ]
  const seen = async () => {
    await house.tray.drained()
    const states = await letterStatuses(service, followed)
    return states.map(({ letter }) => letter)
  }
  house.flows.advance(61)
  expect(await seen()).toEqual(['queued', 'queued', 'sent', 'sent'])
  expect((await letterStatus(service, early)).letter).toBe('sent')
  house.refuses.clear()
  const [wave] = await house.waves()
  await resumeWave(service, wave?.id ?? '')
  await house.look()
  house.flows.advance(61)
  expect(await seen()).toEqual(['sent', 'sent', 'sent', 'sent'])
  const [, nobody] = await letterStatuses(service, followed)
  const [over] = await house.waves()
  expect(nobody?.at.getTime()).toBeGreaterThanOrEqual(over?.ended_at?.getTime() ?? Number.POSITIVE_INFINITY)
})
