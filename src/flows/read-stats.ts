// The daily counters, summed. What this process holds back for a second is written first.
import { categories } from '../core/bounce/category.ts'
import { readDay } from '../core/export/read-moment.ts'
import { type StatsBy, sumStats } from '../store/stats.ts'
import type { Service } from './service.ts'

export type { StatsBy } from '../store/stats.ts'

export type StatsItem = {
  readonly key: string
  readonly signups: number
  readonly suggestions_shown: number
  readonly suggestions_taken: number
  readonly suggestions_declined: number
  readonly letters: number
  readonly confirmed: number
  readonly invalid: number
  readonly declined: number
  readonly unsubscribed: number
  readonly bounces: Readonly<Record<string, number>>
}

export type StatsOutcome =
  | { readonly kind: 'bad-day'; readonly field: 'from' | 'to' }
  | { readonly kind: 'stats'; readonly items: readonly StatsItem[] }

const dayMs = 24 * 60 * 60 * 1000
const daysByDefault = 30

/** Days are in UTC, and both count. Without them: the last 30. */
export async function readStats(
  deps: Pick<Service, 'db' | 'tally' | 'now'>,
  asked: { by: StatsBy; from: string | null; to: string | null },
): Promise<StatsOutcome> {
  const today = deps.now().toISOString().slice(0, 10)
  const to = readDay(asked.to ?? today)
  if (to === null) return { kind: 'bad-day', field: 'to' }
  const from =
    asked.from === null ? new Date(to.getTime() - (daysByDefault - 1) * dayMs) : readDay(asked.from)
  if (from === null || from > to) return { kind: 'bad-day', field: 'from' }
  await deps.tally.flush()
  const day = (date: Date) => date.toISOString().slice(0, 10)
  const lines = await sumStats(deps.db, { by: asked.by, from: day(from), to: day(to) })
  const items = Map.groupBy(lines, (line) => line.key)
  return { kind: 'stats', items: [...items].map(([key, counts]) => itemOf(key, counts)) }
}

function itemOf(key: string, counts: readonly { metric: string; n: number }[]): StatsItem {
  const n = (metric: string) => counts.find((line) => line.metric === metric)?.n ?? 0
  return {
    key,
    signups: n('signups'),
    suggestions_shown: n('suggestions-shown'),
    suggestions_taken: n('suggestions-taken'),
    suggestions_declined: n('suggestions-declined'),
    letters: n('letters'),
    confirmed: n('confirmed'),
    invalid: n('invalid'),
    declined: n('declined'),
    unsubscribed: n('unsubscribed'),
    bounces: Object.fromEntries(categories.map((category) => [category, n(`bounces/${category}`)])),
  }
}
