// A form that comes back sooner than anybody fills one in waits, and is not refused.
import { expect, test } from 'vitest'
import { openKeyRing } from '../../src/core/keys.ts'
import { openMinimumTime } from '../../src/flows/minimum-time.ts'
import { TooManyWaiting } from '../../src/flows/signup-groups.ts'

const ring = openKeyRing('a secret key that is long enough to be one')

function openWatched(mostHeld?: number) {
  const started = 1_700_000_000_000
  const one = { time: started, held: 0, waits: [] as number[], release: [] as (() => void)[] }
  const minimum = openMinimumTime({
    ring,
    now: () => new Date(one.time),
    metrics: { signupHeld: () => one.held++ },
    ...(mostHeld === undefined ? {} : { mostHeld }),
    wait(ms) {
      one.waits.push(ms)
      return new Promise((resolve) => one.release.push(resolve))
    },
  })
  return { ...minimum, one }
}

test('a form of 300 ms waits the 700 that are missing', async () => {
  const { stamp, passed, one } = openWatched()
  const shown = stamp()
  one.time += 300
  const waiting = passed(shown)
  expect(one.waits).toEqual([700])
  expect(one.held).toBe(1)
  one.release[0]?.()
  await waiting
})

test('a form of a second, none at all, a forged and an old one do not wait', async () => {
  const { stamp, passed, one } = openWatched()
  const shown = stamp()
  const forged = openMinimumTime({
    ring: openKeyRing('another secret key, long enough as well'),
    now: () => new Date(one.time),
    metrics: { signupHeld() {} },
  }).stamp()
  for (const given of [null, '', 'x'.repeat(22), forged]) await passed(given)
  one.time += 1_000
  await passed(shown)
  one.time += 2 * 86_400_000
  await passed(shown)
  expect(one.waits).toEqual([])
})

test('a stamp of a clock that is ahead waits a second and no longer', () => {
  const { stamp, passed, one } = openWatched()
  one.time += 3_600_000
  const shown = stamp()
  one.time -= 3_600_000
  void passed(shown)
  expect(one.waits).toEqual([1_000])
})

test('so many wait at once, and the next is told to come again', async () => {
  const { stamp, passed, one } = openWatched(2)
  const shown = stamp()
  const both = [passed(shown), passed(shown)]
  await expect(passed(shown)).rejects.toThrow(TooManyWaiting)
  for (const release of one.release) release()
  await Promise.all(both)
  void passed(shown)
  expect(one.waits).toHaveLength(3)
})
