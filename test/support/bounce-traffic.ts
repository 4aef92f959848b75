// Letters and bounces as counters only: what the rate and the reports are made of.
import { sql } from 'kysely'
import type { Counted, Tally } from '../../src/flows/tally.ts'
import type { Db } from '../../src/store/open-database.ts'

export type Traffic = { letters?: number; refused?: number; hard?: number; full?: number }

/** Hard bounces are mailboxes that do not exist. */
export function countTraffic(tally: Tally, traffic: Traffic, about: Partial<Counted> = {}): void {
  const what: Counted = { list: 'default', source: 'footer', domain: 'example.com', ...about }
  const times = (n: number | undefined, metric: Parameters<Tally['count']>[0]) => {
    for (let i = 0; i < (n ?? 0); i++) tally.count(metric, what)
  }
  times(traffic.letters, 'letters')
  times(traffic.refused, 'refused')
  times(traffic.hard, 'hard')
  times(traffic.hard, 'bounces/mailbox-does-not-exist')
  times(traffic.full, 'bounces/mailbox-full')
}

export async function sumStatsOf(db: Db, metric: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(n), 0)::int as n from stats where metric = ${metric}`.execute(db)
  return rows[0]?.n ?? 0
}
