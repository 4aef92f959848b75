// Hard bounces over accepted letters: how many of the letters that we sent went to addresses that cannot be reached.
import type { Category } from '../bounce/category.ts'

/** Below this many letters in 24 hours a rate says nothing. */
export const fewestLetters = 100

/** Failures of the address, for good. Full mailboxes, policy, time and complaints are none. */
export const hardCategories: readonly Category[] = [
  'mailbox-does-not-exist',
  'domain-problem',
  'bad-address',
  'mailbox-disabled',
]

export function isHardBounce(category: Category): boolean {
  return hardCategories.includes(category)
}

export type Counts = {
  /** letters that the relay accepted */
  readonly letters: number
  /** letters that bounced hard, at once or later; each counts once */
  readonly hard: number
}

/** From 0 to 1; null where nothing was sent and nothing came back. What was refused at once was never accepted. */
export function bounceRate({ letters, hard }: Counts): number | null {
  if (letters <= 0 && hard <= 0) return null
  return Math.min(1, hard / Math.max(letters, hard))
}

export type RateNow = Counts & {
  /** letters that the relay refused for good */
  readonly refused: number
  readonly rate: number | null
  /** null: no alarm is wanted */
  readonly limit: number | null
  readonly exceeded: boolean
}

/** What the last 24 hours come to. */
export function judgeRate(counts: Counts & { readonly refused: number }, limit: number | null): RateNow {
  const rate = bounceRate(counts)
  const isKnown = counts.letters + counts.refused >= fewestLetters
  return { ...counts, rate, limit, exceeded: isKnown && limit !== null && rate !== null && rate > limit }
}
