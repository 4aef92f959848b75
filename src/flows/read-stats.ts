// The daily counters, summed. What this process holds back for a second is written first.
import { categories } from '../core/bounce/category.ts'
import { readDay, withinYears } from '../core/export/read-moment.ts'
import { bounceRate } from '../core/report/bounce-rate.ts'
import type { SuggestionReason } from '../core/suggestion.ts'
import { type StatsBy, sumStats } from '../store/stats.ts'
import type { Service } from './service.ts'

export type { StatsBy } from '../store/stats.ts'

export type SuggestionCounts = {
  readonly shown: number
  readonly taken: number
  readonly declined: number
  readonly declined_confirmed: number
  readonly declined_bounced: number
}

export type StatsItem = {
  readonly key: string
  readonly signups: number
  readonly suggestions_shown: number
  readonly suggestions_taken: number
  readonly suggestions_declined: number
  /** of those, how many were confirmed, and how many came back */
  readonly suggestions_declined_confirmed: number
  readonly suggestions_declined_bounced: number
  readonly suggestions_by_reason: Readonly<Record<SuggestionReason, SuggestionCounts>>
  readonly disposable: number
  readonly letters: number
  readonly confirmed: number
  readonly invalid: number
  readonly declined: number
  readonly unsubscribed: number
  readonly brought_back: number
  readonly bounces: Readonly<Record<string, number>>
  readonly hard_bounces: number
  readonly bounce_rate: number | null
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
  const day = (date: Date) => withinYears(date).toISOString().slice(0, 10)
  const lines = await sumStats(deps.db, { by: asked.by, from: day(from), to: day(to) })
  const items = Map.groupBy(lines, (line) => line.key)
  return { kind: 'stats', items: [...items].map(([key, counts]) => itemOf(key, counts)) }
}

function itemOf(key: string, counts: readonly { metric: string; n: number }[]): StatsItem {
  const n = (metric: string) => counts.find((line) => line.metric === metric)?.n ?? 0
  const ofReason = (reason: SuggestionReason): SuggestionCounts => ({
    shown: n(`suggestions-shown/${reason}`),
    taken: n(`suggestions-taken/${reason}`),
    declined: n(`suggestions-declined/${reason}`),
    declined_confirmed: n(`suggestions-declined-confirmed/${reason}`),
    declined_bounced: n(`suggestions-declined-bounced/${reason}`),
  })
  const byReason = {
    typo: ofReason('typo'),
    format: ofReason('format'),
    'domain-takes-no-mail': ofReason('domain-takes-no-mail'),
  }
  const ofAll = (event: keyof SuggestionCounts) =>
    Object.values(byReason).reduce((sum, counts) => sum + counts[event], 0)
  return {
    key,
    signups: n('signups'),
    suggestions_shown: ofAll('shown'),
    suggestions_taken: ofAll('taken'),
    suggestions_declined: ofAll('declined'),
    suggestions_declined_confirmed: ofAll('declined_confirmed'),
    suggestions_declined_bounced: ofAll('declined_bounced'),
    suggestions_by_reason: byReason,
    disposable: n('disposable'),
    letters: n('letters'),
    confirmed: n('confirmed'),
    invalid: n('invalid'),
    declined: n('declined'),
    unsubscribed: n('unsubscribed'),
    brought_back: n('brought-back'),
    bounces: Object.fromEntries(categories.map((category) => [category, n(`bounces/${category}`)])),
    hard_bounces: n('hard'),
    bounce_rate: bounceRate({ letters: n('letters'), hard: n('hard') }),
  }
}
