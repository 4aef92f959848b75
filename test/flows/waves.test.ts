// Waves of refusals: what raises the alarm, what does not, and when it is over.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { usualShare } from '../../src/core/bounce/wave.ts'
import { resumeWave } from '../../src/flows/end-wave.ts'
import { day } from '../support/flow-service.ts'
import { openWaveHouse, type WaveHouse } from '../support/wave-house.ts'

const unknown = '550 5.1.1 <x>: Recipient address rejected: User unknown'
const policy = '550 5.7.1 Message rejected due to local policy'
const mx = (exchange: string) => ({ MX: [{ preference: 10, exchange }] })

let house: WaveHouse
beforeEach(async () => {
  house = await openWaveHouse({
    zone: Object.fromEntries(
      Array.from({ length: 9 }, (_, n) => [`firm${n}.example`, mx('mx1.hosting.example.net')]),
    ),
  })
})
afterEach(() => house.close())

const logged = (event: string) =>
  house.flows.logged.map((line) => JSON.parse(line)).filter((line) => line.event === event)
const gauge = async () =>
  (await house.flows.service.metrics.text()).split('\n').filter((line) => line.startsWith('ayes_waves_open{'))

describe('an outage of a domain that took letters', () => {
  beforeEach(async () => {
    await house.signUpMany('a.example', 12, 'well')
    house.refuses.set('a.example', unknown)
    await house.signUpMany('a.example', 6, 'ill')
    await house.look()
  })

  test('raises one alarm, with numbers, in the log and as a metric', async () => {
    await house.look()
    await house.signUpMany('a.example', 3, 'more')
    await house.look()
    expect(await house.waves()).toMatchObject([
      {
        kind: 'domain',
        subject: 'a.example',
        domains: ['a.example'],
        state: 'open',
        ended_at: null,
        numbers: { clients: 6, accepted: 0, before: { refused: 0, accepted: 12 } },
      },
    ])
    const [wave] = await house.waves()
    expect(wave?.numbers.usual).toBe(usualShare({ refused: 0, accepted: 12 }))
    expect(logged('wave-begun')).toMatchObject([
      { kind: 'domain', subject: 'a.example', refused: 6, accepted_before: 12, held: false },
    ])
    expect(await gauge()).toContain('ayes_waves_open{kind="domain"} 1')
  })

  test('begins with its first refusal, and holds nothing', async () => {
    const [wave] = await house.waves()
    const [first] = await house.flows.service.db
      .selectFrom('bounces')
      .selectAll()
      .orderBy('received_at')
      .execute()
    expect(wave?.began_at).toEqual(first?.received_at)
    house.refuses.clear()
    const before = house.taken.length
    await house.signUpMany('a.example', 2, 'later')
    expect(house.taken.length).toBe(before + 2)
  })

  test('is over when letters are taken and nothing is refused for ten minutes', async () => {
    house.refuses.clear()
    await house.signUpMany('a.example', 10, 'back')
    await house.look()
    expect(await house.waves()).toMatchObject([{ state: 'open' }])
    house.flows.advance(600)
    await house.look()
    expect(await house.waves()).toMatchObject([{ state: 'over', ended_why: 'fell-back' }])
    expect(logged('wave-over')).toHaveLength(1)
    expect(await gauge()).toContain('ayes_waves_open{kind="domain"} 0')
  })

  test('is over by the admin’s word, and what it refused raises no second one', async () => {
    const [wave] = await house.waves()
    expect(await resumeWave(house.flows.service, wave?.id ?? '')).toBe(true)
    house.flows.advance(60)
    await house.look()
    expect(await house.waves()).toMatchObject([{ state: 'over', ended_why: 'resumed' }])
    await house.signUpMany('a.example', 6, 'again')
    await house.look()
    expect(await house.waves()).toMatchObject([{ state: 'open' }, { state: 'over' }])
  })

  test('is forgotten three months after its end', async () => {
    house.flows.advance(3_600)
    await house.look()
    expect(await house.waves()).toMatchObject([{ state: 'over' }])
    house.flows.advance(91 * day)
    await house.signUpMany('b.example', 1, 'somebody')
    house.refuses.set('b.example', unknown)
    await house.signUpMany('b.example', 1, 'nobody')
    await house.look()
    expect(await house.waves()).toEqual([])
  })
})

describe('no alarm is raised', () => {
  test('by one client, however many addresses it makes up, nor by one /64', async () => {
    await house.signUpMany('a.example', 12, 'well')
    house.refuses.set('a.example', unknown)
    for (let n = 0; n < 30; n++) await house.signUp(`made-up${n}@a.example`, '198.51.255.1')
    for (let n = 0; n < 30; n++) await house.signUp(`up-made${n}@a.example`, `2001:db8:1:2:${n}::1`)
    await house.tray.drained()
    await house.look()
    expect(await house.waves()).toEqual([])
  })

  test('by a domain that never took a letter', async () => {
    house.refuses.set('dead.example', unknown)
    await house.signUpMany('dead.example', 30, 'nobody')
    await house.look()
    expect(await house.waves()).toEqual([])
  })

  test('by letters that are put off: they go out by themselves', async () => {
    await house.signUpMany('a.example', 12, 'well')
    house.refuses.set('a.example', '450 4.7.1 Try again later')
    await house.signUpMany('a.example', 12, 'slow')
    await house.look()
    const { db } = house.flows.service
    const waiting = await db.selectFrom('letters').select('id').where('state', '=', 'queued').execute()
    expect(waiting).toHaveLength(12)
    expect(await house.waves()).toEqual([])
  })
})

test('reports that come later count as well as refusals while sending', async () => {
  await house.signUpMany('a.example', 30, 'person')
  for (const letter of house.taken.slice(-6)) {
    await house.flows.receive(house.flows.report(letter, '5.1.1'))
    house.flows.advance(1)
  }
  await house.look()
  expect(await house.waves()).toMatchObject([
    { subject: 'a.example', numbers: { clients: 6, accepted: 0, before: { refused: 0, accepted: 24 } } },
  ])
})

test('firms with one mail host refuse together: the host is the wave, found by MX for refusing domains only', async () => {
  await house.signUpMany('large.example', 60, 'well')
  for (let n = 0; n < 8; n++) {
    house.refuses.set(`firm${n}.example`, unknown)
    await house.signUpMany(`firm${n}.example`, 1, 'boss')
  }
  await house.look()
  expect(await house.waves()).toMatchObject([
    { kind: 'provider', subject: 'example.net', state: 'open', numbers: { clients: 8 } },
  ])
  expect(logged('wave-begun')).toMatchObject([{ kind: 'provider', subject: 'example.net' }])
  expect(new Set(house.dns.asked.map(({ name }) => name))).not.toContain('large.example')

  house.refuses.set('firm8.example', unknown)
  await house.signUpMany('firm8.example', 2, 'boss')
  await house.look()
  expect((await house.waves())[0]?.domains).toContain('firm8.example')
})

test('5.7.x from several domains at once is about us: one wave, and none for each domain', async () => {
  const domains = ['a.example', 'b.example', 'c.example']
  for (const domain of domains) await house.signUpMany(domain, 8, 'well')
  for (const domain of domains) house.refuses.set(domain, policy)
  for (const domain of domains) await house.signUpMany(domain, 6, 'ill')
  await house.look()
  expect(await house.waves()).toMatchObject([{ kind: 'reputation', subject: '', state: 'open' }])
  expect(await gauge()).toContain('ayes_waves_open{kind="reputation"} 1')
})

test('no address stands in the log', async () => {
  await house.signUpMany('a.example', 12, 'well')
  house.refuses.set('a.example', unknown)
  await house.signUpMany('a.example', 6, 'ill')
  await house.look()
  expect(logged('wave-begun')).toHaveLength(1)
  expect(house.flows.logged.join('\n')).not.toMatch(/(well|ill)\d/)
})
