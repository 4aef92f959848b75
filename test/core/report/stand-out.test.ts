import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findOutstanding, type Keyed, lowestLikelyRate } from '../../../src/core/report/stand-out.ts'

function totalOf(keyed: readonly Keyed[]) {
  return keyed.reduce((all, one) => ({ letters: all.letters + one.letters, hard: all.hard + one.hard }), {
    letters: 0,
    hard: 0,
  })
}

const others: Keyed = { key: 'others', letters: 10_000, hard: 100 }
const found = (...keyed: Keyed[]) => findOutstanding(keyed, totalOf([...keyed, others])).map(({ key }) => key)

describe('a domain stands out', () => {
  test('that bounces more than all others, by more than chance explains', () => {
    expect(found({ key: 'gmial.com', letters: 30, hard: 30 })).toEqual(['gmial.com'])
    expect(found({ key: 'large.example', letters: 2_000, hard: 60 })).toEqual(['large.example'])
  })

  test('not by one bounce of one letter, nor by two of two', () => {
    expect(found({ key: 'one', letters: 1, hard: 1 }, { key: 'two', letters: 2, hard: 2 })).toEqual([])
  })

  test('not by what happens by chance, nor by bouncing less', () => {
    expect(
      found({ key: 'unlucky', letters: 300, hard: 6 }, { key: 'good', letters: 5_000, hard: 5 }),
    ).toEqual([])
  })

  test('although bounces of yesterday’s letters are more than the letters of today', () => {
    expect(found({ key: 'late', letters: 2, hard: 9 })).toEqual(['late'])
  })

  test('not when it is alone, or among too few to tell', () => {
    expect(findOutstanding([{ key: 'a', letters: 50, hard: 40 }], { letters: 50, hard: 40 })).toEqual([])
    expect(findOutstanding([{ key: 'a', letters: 4, hard: 3 }], { letters: 5, hard: 3 })).toEqual([])
  })

  test('with the rate of all others beside its own, the worst first', () => {
    const keyed = [
      { key: 'bad', letters: 100, hard: 20 },
      { key: 'worse', letters: 100, hard: 90 },
    ]
    const all = { letters: 10_200, hard: 210 }
    expect(findOutstanding(keyed, all)).toEqual([
      { key: 'worse', letters: 100, hard: 90, rate: 0.9, rateOfOthers: 120 / 10_100 },
      { key: 'bad', letters: 100, hard: 20, rate: 0.2, rateOfOthers: 190 / 10_100 },
    ])
  })
})

test('ten are named at most', () => {
  const keyed = Array.from({ length: 30 }, (_, n) => ({ key: `d${n}`, letters: 50, hard: 50 }))
  expect(findOutstanding(keyed, { letters: 1e6, hard: 2_000 })).toHaveLength(10)
})

test('the lowest likely rate is a rate, below the one seen, and comes nearer to it with more letters', () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.nat(1_000), (good, hard) => {
      const seen = { letters: good + hard, hard }
      const low = lowestLikelyRate(seen)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(low).toBeLessThanOrEqual(hard / Math.max(1, good + hard) + 1e-9)
      const tenfold = lowestLikelyRate({ letters: seen.letters * 10, hard: hard * 10 })
      expect(tenfold).toBeGreaterThanOrEqual(low - 1e-9)
    }),
  )
})

test('where all domains are alike hardly any stands out', () => {
  // the same pseudo-random numbers every time: Park and Miller's generator
  let state = 42
  const random = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const draw = (letters: number, rate: number) => {
    let hard = 0
    for (let n = 0; n < letters; n++) if (random() < rate) hard++
    return hard
  }
  let named = 0
  const rounds = 50
  for (let round = 0; round < rounds; round++) {
    const rate = 0.005 + random() * 0.1
    const keyed = Array.from({ length: 100 }, (_, n) => {
      const letters = 1 + Math.floor(random() * 150)
      return { key: `d${n}`, letters, hard: draw(letters, rate) }
    })
    named += findOutstanding(keyed, totalOf(keyed)).length
  }
  // of 5,000 looks at nothing
  expect(named).toBeLessThanOrEqual(5)
})
