// When a service sees a burst, and when it is over.
import { expect, test } from 'vitest'
import { openSignupBurst } from '../../src/flows/signup-burst.ts'

function openWatched(rate = { count: 100, seconds: 60 }) {
  let time = 1_700_000_000_000
  const turns: string[] = []
  const burst = openSignupBurst({
    rate,
    now: () => new Date(time),
    turned: (isOn, signups) => turns.push(`${isOn ? 'on' : 'off'} ${signups}`),
  })
  return {
    burst,
    turns,
    /** `perSecond` signups in each of so many seconds. */
    pass(seconds: number, perSecond = 0) {
      for (let second = 0; second < seconds; second++) {
        for (let n = 0; n < perSecond; n++) burst.count()
        time += 1_000
      }
    },
    sleep(seconds: number) {
      time += seconds * 1_000
    },
  }
}

test('begins with the first signup above the rate', () => {
  const { burst, turns, pass } = openWatched()
  pass(1, 100)
  expect(burst.isOn()).toBe(false)
  burst.count()
  expect(burst.isOn()).toBe(true)
  expect(turns).toEqual(['on 101'])
})

test('what is older than the duration does not count', () => {
  const { burst, turns, pass } = openWatched()
  for (let n = 0; n < 20; n++) pass(10, n % 6 === 0 ? 10 : 0)
  expect(burst.isOn()).toBe(false)
  pass(61)
  pass(1, 100)
  expect(turns).toEqual([])
})

test('a steady rate below the limit is never a burst', () => {
  const { burst, pass } = openWatched()
  pass(600, 1)
  expect(burst.isOn()).toBe(false)
})

test('ends when the rate was below half for the whole duration, and no sooner', () => {
  const { burst, turns, pass } = openWatched({ count: 120, seconds: 60 })
  pass(60, 4)
  expect(burst.isOn()).toBe(true)
  // Above half of it, if below it: it goes on.
  pass(300, 1)
  expect(burst.isOn()).toBe(true)
  pass(60)
  expect(burst.isOn()).toBe(true)
  pass(40)
  expect(burst.isOn()).toBe(false)
  expect(turns).toEqual([expect.stringMatching(/^on/), 'off 0'])
})

test('is over after a long silence, and may begin again', () => {
  const { burst, turns, pass, sleep } = openWatched()
  pass(1, 200)
  sleep(100_000)
  expect(burst.isOn()).toBe(false)
  pass(1, 100)
  expect(burst.isOn()).toBe(false)
  pass(1, 1)
  expect(burst.isOn()).toBe(true)
  expect(turns.map((turn) => turn.split(' ')[0])).toEqual(['on', 'off', 'on'])
})

test('a clock that is put back begins anew, and ends a burst no later', () => {
  const { burst, turns, pass, sleep } = openWatched()
  pass(1, 60)
  sleep(-3_600)
  pass(1, 60)
  expect(burst.isOn()).toBe(false)
  pass(1, 60)
  expect(burst.isOn()).toBe(true)
  sleep(-3_600)
  expect(burst.isOn()).toBe(true)
  pass(70)
  expect(burst.isOn()).toBe(false)
  expect(turns).toEqual(['on 101', 'off 0'])
})
