// What is different from the period before, by more than chance would explain.
import { type Category, categories } from '../bounce/category.ts'
import type { Counts } from './bounce-rate.ts'

export type PeriodCounts = Counts & { readonly bounces: Readonly<Record<string, number>> }

export type Change = {
  /** `hard-bounces`, or the category that comes more or less often than before */
  readonly what: 'hard-bounces' | Category
  readonly direction: 'up' | 'down'
  readonly now: number
  readonly before: number
}

const deviations = 3
/** Fewer on either side are told by the table beside. */
const fewestBounces = 5

/** Compares counts by the letters that they are of; nothing where one of the periods had no letters. */
export function findChanges(now: PeriodCounts, before: PeriodCounts): Change[] {
  const rows = [
    { what: 'hard-bounces' as const, now: now.hard, before: before.hard },
    ...categories.map((what) => ({ what, now: now.bounces[what] ?? 0, before: before.bounces[what] ?? 0 })),
  ]
  return rows.flatMap((row): Change[] => {
    const z = differenceOf({ n: row.now, of: now.letters }, { n: row.before, of: before.letters })
    if (Math.max(row.now, row.before) < fewestBounces || Math.abs(z) < deviations) return []
    return [{ ...row, direction: z > 0 ? 'up' : 'down' }]
  })
}

/** Standard deviations between two shares: the two-proportion z-test with the pooled share. */
function differenceOf(one: { n: number; of: number }, other: { n: number; of: number }): number {
  const [a, b] = [Math.max(one.of, one.n), Math.max(other.of, other.n)]
  if (a === 0 || b === 0) return 0
  const pooled = (one.n + other.n) / (a + b)
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / a + 1 / b))
  return deviation === 0 ? 0 : (one.n / a - other.n / b) / deviation
}
