// Who is asked for a proof of work, and that nobody else ever is.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProofOfWork } from '../../src/config.ts'
import { openKeyRing } from '../../src/core/keys.ts'
import type { Challenge } from '../../src/core/proof-of-work.ts'
import { type Admission, openAdmission } from '../../src/flows/admission.ts'
import { TooManyWaiting } from '../../src/flows/signup-groups.ts'
import { openMetrics } from '../../src/metrics.ts'
import type { SignupOutcome } from '../../src/store/record-signups.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { solve } from '../support/proofs.ts'

const auto = { kind: 'auto', burst: null } as const
const clientAt = (address: string) => ({ address, key: `4:${address}`, wideKey: null })
const ann = clientAt('192.0.2.1')
const bob = clientAt('192.0.2.2')
const stored: SignupOutcome = { kind: 'stored', signupId: '' }
const minute = 60_000

let made: TestDatabase
beforeAll(async () => {
  made = await makeDatabase()
})
afterAll(() => made.close())

type Opened = {
  admission: Admission
  logged: [string, unknown][]
  metrics: ReturnType<typeof openMetrics>
  pass(ms: number): void
  until(ms: number): Date
}

function opened(
  mode: ProofOfWork,
  { most = 20, ...more }: { most?: number | null; mostSpent?: number } = {},
): Opened {
  let time = Date.now()
  const logged: [string, unknown][] = []
  const note = (event: string, fields?: object) => void logged.push([event, fields])
  const metrics = openMetrics()
  const admission = openAdmission(mode, {
    db: made.database.db,
    ring: openKeyRing('a secret key that is long enough to be one'),
    rules: { limits: { perClient: most === null ? null : { count: most, seconds: 600 } } },
    now: () => new Date(time),
    metrics,
    log: { debug: note, info: note, warn: note, error: note },
    ...more,
  })
  const pass = (ms: number) => {
    time += ms
  }
  return { admission, logged, metrics, pass, until: (ms) => new Date(time + ms) }
}

async function take(admission: Admission, times: number, client = bob): Promise<void> {
  for (let n = 0; n < times; n++) {
    expect(await admission.admit({ client })).toBeNull()
    admission.seen(client, stored)
  }
}

async function reasonFor(admission: Admission, client = ann, proof?: string): Promise<string | null> {
  return (await admission.admit({ client, ...(proof === undefined ? {} : { proof }) }))?.reason ?? null
}

async function challengeFor({ admission }: Opened, client = ann): Promise<Challenge> {
  const asked = await admission.admit({ client })
  if (asked === null) throw new Error('nothing was asked')
  return asked.challenge
}

test('off: nobody is asked, whatever comes, and there is no challenge', async () => {
  const { admission, until } = opened({ kind: 'off' })
  for (let n = 0; n < 30; n++) admission.seen(ann, { kind: 'too-many', until: until(-1) })
  await take(admission, 1_500, ann)
  expect(await admission.challenge()).toBeNull()
})

test('who is limited is known to be until then, without a look into the database', () => {
  const { admission, pass, until } = opened(auto)
  expect(admission.limitedUntil(ann)).toBeNull()
  admission.seen(ann, { kind: 'too-many', until: until(minute) })
  expect(admission.limitedUntil(ann)).toEqual(until(minute))
  expect(admission.limitedUntil(bob)).toBeNull()
  pass(minute)
  expect(admission.limitedUntil(ann)).toBeNull()
})

test('on: everybody is asked, and let in with a proof', async () => {
  const one = opened({ kind: 'on' })
  const challenge = await challengeFor(one)
  const proof = await solve(challenge)
  expect(await one.admission.admit({ client: bob, proof })).toMatchObject({ reason: 'too-early', challenge })
  one.pass(1_000)
  expect(await reasonFor(one.admission, bob, proof)).toBeNull()
  expect(await reasonFor(one.admission, ann, proof)).toBe('spent')
  expect(await reasonFor(one.admission, ann, '')).toBe('missing')
  const text = await one.metrics.text()
  for (const line of [
    'ayes_proofs_total{outcome="missing"} 2',
    'ayes_proofs_total{outcome="too-early"} 1',
    'ayes_proofs_total{outcome="taken"} 1',
    'ayes_proofs_total{outcome="spent"} 1',
    'ayes_signups_total{outcome="proof-of-work"} 4',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
})

test('a proof whose challenge is too old is asked for anew', async () => {
  const one = opened({ kind: 'on' })
  const proof = await solve(await challengeFor(one))
  one.pass(10 * minute)
  const asked = await one.admission.admit({ client: ann, proof })
  expect(asked).toMatchObject({ reason: 'expired', waitMs: null })
  expect(encodeURIComponent(proof)).not.toContain(asked?.challenge.signature ?? proof)
})

describe('auto asks a client', () => {
  test('that went on after its limit said no, for an hour, and nobody else', async () => {
    const { admission, pass, until } = opened(auto)
    for (let n = 0; n < 20; n++) admission.seen(ann, { kind: 'too-many', until: until(minute) })
    // As long as the limit holds it says no by itself.
    expect(await reasonFor(admission)).toBeNull()
    pass(minute)
    expect(await reasonFor(admission)).toBe('missing')
    expect(await reasonFor(admission, bob)).toBeNull()
    pass(59 * minute)
    expect(await reasonFor(admission)).toBeNull()
  })

  test('never for what it signs up within its limit, nor after a few refusals', async () => {
    const { admission, until } = opened(auto)
    await take(admission, 500, ann)
    for (let n = 0; n < 19; n++) admission.seen(ann, { kind: 'too-many', until: until(-1) })
    expect(await reasonFor(admission)).toBeNull()
  })
})

describe('auto asks everybody', () => {
  test('in a burst, until it is over, and says so once', async () => {
    const { admission, logged, metrics, pass } = opened({ kind: 'auto', burst: { count: 10, seconds: 60 } })
    await take(admission, 11)
    expect(await reasonFor(admission)).toBe('missing')
    expect(await metrics.text()).toContain('\nayes_signup_burst 1\n')
    for (let n = 0; n < 30; n++) await reasonFor(admission)
    // Those that are asked keep it up: a burst is not over because nobody gets in.
    for (let n = 0; n < 60; n++) {
      pass(4_000)
      expect(await reasonFor(admission)).toBe('missing')
    }
    pass(3 * minute)
    admission.look()
    expect(await metrics.text()).toContain('\nayes_signup_burst 0\n')
    expect(await reasonFor(admission)).toBeNull()
    expect(logged.map(([event]) => event)).toEqual(['signup-burst', 'signup-burst-over'])
    expect(logged[0]?.[1]).toEqual({ signups: 11, seconds: 60 })
  })

  test('each once: who is asked and comes back with a proof does not make it last', async () => {
    const { admission, logged, pass } = opened({ kind: 'auto', burst: { count: 10, seconds: 60 } })
    await take(admission, 11)
    // Four a minute, where five would keep it up.
    for (let n = 0; n < 12; n++) {
      pass(15_000)
      await admission.admit({ client: bob })
      admission.seen(bob, stored)
    }
    expect(logged.map(([event]) => event)).toEqual(['signup-burst', 'signup-burst-over'])
  })

  test('from 1,000 in a minute on, unless it says otherwise', async () => {
    const { admission } = opened(auto)
    await take(admission, 1_000)
    expect(await reasonFor(admission)).toBeNull()
    await take(admission, 1)
    expect(await reasonFor(admission)).toBe('missing')
  })

  test('but those of a private network only by a rate that is named', async () => {
    const near = clientAt('10.0.0.1')
    const unnamed = opened(auto)
    await take(unnamed.admission, 3_000, near)
    expect(await reasonFor(unnamed.admission)).toBeNull()
    await take(unnamed.admission, 1_001)
    expect(await reasonFor(unnamed.admission, near)).toBeNull()
    const named = opened({ kind: 'auto', burst: { count: 10, seconds: 60 } })
    await take(named.admission, 11, near)
    expect(await reasonFor(named.admission, near)).toBe('missing')
  })

  test('but not for what one client alone may do', async () => {
    const { admission } = opened(auto, { most: 2_000 })
    await take(admission, 2_000)
    expect(await reasonFor(admission)).toBeNull()
    await take(admission, 1)
    expect(await reasonFor(admission)).toBe('missing')
  })

  test('without SIGNUPS_PER_CLIENT only where a rate is named', async () => {
    const unnamed = opened(auto, { most: null })
    await take(unnamed.admission, 3_000)
    expect(await reasonFor(unnamed.admission)).toBeNull()
    const named = opened({ kind: 'auto', burst: { count: 10, seconds: 60 } }, { most: null })
    await take(named.admission, 11)
    expect(await reasonFor(named.admission)).toBe('missing')
  })

  test('not for what falls into the trap, is limited or asked about', async () => {
    const { admission, until } = opened({ kind: 'auto', burst: { count: 10, seconds: 60 } })
    for (let n = 0; n < 100; n++) {
      const client = clientAt(`198.51.100.${n}`)
      admission.seen(client, { kind: 'ignored' })
      admission.seen(client, { kind: 'too-many', until: until(0) })
    }
    expect(await reasonFor(admission)).toBeNull()
  })
})

test('a proof that nobody asked for is not looked at, and stays good', async () => {
  const one = opened(auto)
  expect(await reasonFor(one.admission, ann, 'no proof at all')).toBeNull()
  const challenge = await one.admission.challenge()
  if (challenge === null) throw new Error('there is no challenge')
  const proof = await solve(challenge)
  one.pass(1_000)
  expect(await reasonFor(one.admission, ann, proof)).toBeNull()
  const rows = await made.database.db
    .selectFrom('spent_proofs')
    .select('nonce')
    .where('nonce', '=', Buffer.from(challenge.parameters.nonce, 'hex'))
    .execute()
  expect(rows).toEqual([])
})

test('so many proofs are written down, and the next is told to come again; one that comes twice counts once', async () => {
  const one = opened({ kind: 'on' }, { mostSpent: 2 })
  const proofs: string[] = []
  for (let n = 0; n < 3; n++) proofs.push(await solve(await challengeFor(one)))
  one.pass(1_000)
  expect(await reasonFor(one.admission, ann, proofs[0])).toBeNull()
  for (let n = 0; n < 5; n++) expect(await reasonFor(one.admission, ann, proofs[0])).toBe('spent')
  expect(await reasonFor(one.admission, ann, proofs[1])).toBeNull()
  await expect(reasonFor(one.admission, ann, proofs[2])).rejects.toThrow(TooManyWaiting)
})
