// Daily counters without persons, kept in memory and added to the database every second: counting each signup in
// its own transaction would make every group wait for one hot row. A crash costs at most that second's counts.
import type { Db } from '../store/open-database.ts'
import { addCounts, type Count } from '../store/stats.ts'

export type Metric =
  | 'signups'
  | 'suggestions-shown'
  | 'suggestions-taken'
  | 'suggestions-declined'
  | 'letters'
  | 'confirmed'
  | 'invalid'
  | 'declined'
  | 'unsubscribed'
  | `bounces/${string}`

export type Counted = { readonly list: string; readonly source: string | null; readonly domain: string }

export type Tally = {
  count(metric: Metric, what: Counted): void
  flush(): Promise<void>
}

/** Domains and sources come from visitors: past this many a day they are counted together as «other». */
const mostDomains = 5_000
const mostSources = 500

export function openTally(db: Db, now: () => Date): Tally {
  let counts = new Map<string, Count>()
  let day = ''
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
    const taken = counts
    if (taken.size === 0) return
    counts = new Map()
    try {
      await addCounts(db, [...taken.values()])
    } catch (error) {
      for (const [key, count] of taken) {
        const since = counts.get(key)
        counts.set(key, { ...count, n: count.n + (since?.n ?? 0) })
      }
      throw error
    }
  }

  return {
    count(metric, what) {
      const today = now().toISOString().slice(0, 10)
      if (today !== day) {
        day = today
        domains = new Set()
        sources = new Set()
      }
      const source = bounded(sources, mostSources, what.source ?? '')
      const domain = bounded(domains, mostDomains, what.domain)
      const key = `${today}\0${what.list}\0${source}\0${domain}\0${metric}`
      const held = counts.get(key)
      counts.set(key, { day: today, list: what.list, source, domain, metric, n: (held?.n ?? 0) + 1 })
    },
    flush() {
      writing = writing.then(write, write)
      return writing
    },
  }
}
