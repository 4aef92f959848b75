// Which domains and sources bounce more than the rest does, by more than chance would explain.
import { logChance } from '../bounce/wave.ts'
import { bounceRate, type Counts } from './bounce-rate.ts'

export type Keyed = Counts & { readonly key: string }
export type Outstanding = Keyed & {
  readonly rate: number
  /** the rate of all others together */
  readonly rateOfOthers: number
}

/** Two bounces are an accident. */
export const fewestBounces = 3
/** Once in ten thousand looks: thousands of domains are looked at, and each has a chance to look odd. */
const mostChance = Math.log(1e-4)
/** Standard deviations that the order of those that are named allows for. */
const deviations = 3
const mostNamed = 10

/**
 * The lowest rate that makes `hard` bounces of `letters` likely: Wilson's score interval (1927), which holds for small
 * numbers, where 1 of 1 is not 100 percent.
 */
export function lowestLikelyRate({ letters, hard }: Counts): number {
  const z = deviations
  const n = Math.max(letters, hard)
  if (n <= 0) return 0
  const p = hard / n
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  return Math.max(0, (p + (z * z) / (2 * n) - spread) / (1 + (z * z) / n))
}

/** Worst first, by the rate that is certain. `all`: everything, those that are not named here included. */
export function findOutstanding(keyed: readonly Keyed[], all: Counts): Outstanding[] {
  return keyed
    .flatMap((one) => {
      const others = { letters: all.letters - one.letters, hard: all.hard - one.hard }
      const rateOfOthers = bounceRate(others)
      // who is alone stands out of nothing
      if (rateOfOthers === null || one.hard < fewestBounces) return []
      // others that are few may be low by chance: they are taken to have had one bounce more
      const usual = bounceRate({ letters: others.letters + 1, hard: others.hard + 1 }) ?? 1
      if (logChance(one.hard, Math.max(one.letters, one.hard), usual) >= mostChance) return []
      return [{ ...one, rate: bounceRate(one) ?? 0, rateOfOthers, certain: lowestLikelyRate(one) }]
    })
    .sort((a, b) => b.certain - a.certain || b.hard - a.hard || (a.key < b.key ? -1 : 1))
    .slice(0, mostNamed)
    .map(({ certain: _, ...one }) => one)
}
