// Daily counters without persons, kept in memory and added to the database every second: counting each signup in
// its own transaction would make every group wait for one hot row. A crash costs at most that second's counts.
import type { SuggestionReason } from '../core/suggestion.ts'
import type { SuggestionEvent } from '../metrics.ts'
import type { Db } from '../store/open-database.ts'
import type { RecentCount } from '../store/recent-counts.ts'
import { addCounts, type Count } from '../store/stats.ts'

export type Metric =
  | 'signups'
  | `suggestions-${SuggestionEvent}/${SuggestionReason}`
  /** signups with an address that is given out for some minutes */
  | 'disposable'
  | 'letters'
  /** letters that the relay refused for good */
  | 'refused'
  /** letters that bounced hard, each once */
  | 'hard'
  | 'confirmed'
  | 'invalid'
  | 'declined'
  | 'unsubscribed'
  | 'brought-back'
  | `bounces/${string}`

export type Counted = { readonly list: string; readonly source: string | null; readonly domain: string }

export type Tally = {
  count(metric: Metric, what: Counted): void
  flush(): Promise<void>
}

/** Domains and sources come from visitors: past this many a day they are counted together as «other». */
const mostDomains = 5_000
const mostSources = 500

/** What the bounce rate of the last 24 hours is made of is also counted in steps of this length. */
const recent: ReadonlySet<Metric> = new Set(['letters', 'refused', 'hard'])
const recentStepMs = 5 * 60 * 1000
const dayMs = 24 * 60 * 60 * 1000

type Growing<C> = C & { n: number }

export function openTally(db: Db, now: () => Date): Tally {
  let counts = new Map<string, Growing<Count>>()
  let recents = new Map<string, Growing<RecentCount>>()
  let day = Number.NaN
  let today = ''
  let domains = new Set<string>()
  let sources = new Set<string>()
  let writing: Promise<void> = Promise.resolve()

  function bounded(seen: Set<string>, most: number, value: string): string {
    if (seen.has(value)) return value
    if (seen.size >= most) return 'other'
    seen.add(value)
    return value
  }

  async function write(): Promise<void> {
    const [taken, takenRecents] = [counts, recents]
    if (taken.size === 0) return
    counts = new Map()
    recents = new Map()
    try {
      await addCounts(db, [...taken.values()], [...takenRecents.values()])
    } catch (error) {
      for (const [key, count] of taken) add(counts, key, count)
      for (const [key, count] of takenRecents) add(recents, key, count)
      throw error
    }
  }

  /** `count` may be kept, and grows by what is added later. */
  function add<C extends { n: number }>(to: Map<string, C>, key: string, count: C): void {
    const before = to.get(key)
    if (before === undefined) to.set(key, count)
    else before.n += count.n
  }

  return {
    count(metric, what) {
      const time = now()
      if (Math.floor(time.getTime() / dayMs) !== day) {
        day = Math.floor(time.getTime() / dayMs)
        today = time.toISOString().slice(0, 10)
        domains = new Set()
        sources = new Set()
      }
      const source = bounded(sources, mostSources, what.source ?? '')
      const domain = bounded(domains, mostDomains, what.domain)
      const key = `${today}\0${what.list}\0${source}\0${domain}\0${metric}`
      add(counts, key, { day: today, list: what.list, source, domain, metric, n: 1 })
      if (!recent.has(metric)) return
      const at = new Date(Math.floor(time.getTime() / recentStepMs) * recentStepMs)
      add(recents, `${at.getTime()} ${metric}`, { at, metric, n: 1 })
    },
    flush() {
      writing = writing.then(write, write)
      return writing
    },
  }
}
