// The report on bounces: a period beside the one before it, what stands out in it, and what has changed.
import { categories } from '../core/bounce/category.ts'
import { bounceRate } from '../core/report/bounce-rate.ts'
import { daysIn, type Period, partsOf, periodBefore, type ReportKind } from '../core/report/period.ts'
import { fewestBounces, findOutstanding, type Outstanding } from '../core/report/stand-out.ts'
import { type Change, findChanges } from '../core/report/what-changed.ts'
import { type DayCount, type KeyCount, sumBouncesByDay, sumBouncesByKey } from '../store/bounce-counts.ts'
import { readOpenWaves } from '../store/waves.ts'
import type { Service } from './service.ts'
import { type BounceRateNow, readBounceRate } from './watch-bounce-rate.ts'

export type Figures = Period & {
  /** accepted by the relay */
  readonly letters: number
  /** refused by it for good */
  readonly refused: number
  readonly hard: number
  readonly rate: number | null
  /** by category */
  readonly bounces: Readonly<Record<string, number>>
}

/** `isNew`: it did not stand out in the period before. */
export type Standing = Outstanding & { readonly isNew: boolean }

/** A wave of refusals that is still open, as far as a report names it. */
export type OpenWave = {
  readonly id: string
  readonly kind: 'domain' | 'provider' | 'reputation'
  readonly subject: string
  readonly since: Date
}

export type BounceReport = {
  /** the last 24 hours, whatever the period is */
  readonly now: BounceRateNow
  readonly period: Figures
  readonly before: Figures
  /** the period's days or weeks, newest first */
  readonly parts: readonly Figures[]
  readonly domains: readonly Standing[]
  readonly sources: readonly Standing[]
  readonly lists: readonly Standing[]
  readonly changes: readonly Change[]
  readonly waves: readonly OpenWave[]
}

export type ReportDeps = Pick<Service, 'db' | 'tally' | 'now' | 'rules'>

export async function readReport(
  deps: ReportDeps,
  asked: { kind: ReportKind; period: Period },
): Promise<BounceReport> {
  const { db } = deps
  const { period } = asked
  const earlier = periodBefore(period)
  await deps.tally.flush()
  const counts = await sumBouncesByDay(db, { from: earlier.from, to: period.to })
  const [figures, before] = [figuresOf(counts, period), figuresOf(counts, earlier)]
  const days = { before: earlier.from, from: period.from, to: period.to, atLeast: fewestBounces }
  const keys = Map.groupBy(await sumBouncesByKey(db, days), ({ of }) => of)
  const outstanding = (of: KeyCount['of']) => standing(keys.get(of) ?? [], figures, before)
  return {
    now: await readBounceRate(deps),
    period: figures,
    before,
    parts: partsOf(period, asked.kind).map((part) => figuresOf(counts, part)),
    domains: outstanding('domain'),
    sources: outstanding('source'),
    lists: outstanding('list'),
    changes: findChanges(figures, before),
    waves: (await readOpenWaves(db)).map(({ id, kind, subject, began_at }) => ({
      id,
      kind,
      subject,
      since: began_at,
    })),
  }
}

/** Longer ones would go through years of counters for one answer. */
export const longestPeriodDays = 400

export function isTooLong(period: Period): boolean {
  return daysIn(period) > longestPeriodDays
}

function figuresOf(counts: readonly DayCount[], { from, to }: Period): Figures {
  const mine = counts.filter(({ day }) => day >= from && day <= to)
  const sum = (metric: string) =>
    mine.reduce((all, count) => (count.metric === metric ? all + count.n : all), 0)
  const [letters, hard] = [sum('letters'), sum('hard')]
  return {
    from,
    to,
    letters,
    refused: sum('refused'),
    hard,
    rate: bounceRate({ letters, hard }),
    bounces: Object.fromEntries(categories.map((name) => [name, sum(`bounces/${name}`)])),
  }
}

function standing(keys: readonly KeyCount[], period: Figures, before: Figures): Standing[] {
  const earlier = keys.map(({ key, lettersBefore, hardBefore }) => ({
    key,
    letters: lettersBefore,
    hard: hardBefore,
  }))
  const known = new Set(findOutstanding(earlier, before).map(({ key }) => key))
  return findOutstanding(
    keys.map(({ key, letters, hard }) => ({ key, letters, hard })),
    period,
  ).map((one) => ({ ...one, isNew: !known.has(one.key) }))
}
