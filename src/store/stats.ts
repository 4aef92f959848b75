import { CompiledQuery, sql } from 'kysely'
import type { Db } from './open-database.ts'
import type { RecentCount } from './recent-counts.ts'

export type Count = {
  readonly day: string
  readonly list: string
  readonly source: string
  readonly domain: string
  readonly metric: string
  readonly n: number
}

/** Adds to the counters, all or none, sorted so that two processes never wait for each other in a circle. */
export async function addCounts(
  db: Db,
  counts: readonly Count[],
  recents: readonly RecentCount[],
): Promise<void> {
  await db.executeQuery(
    CompiledQuery.raw(
      `with recent as (
        insert into recent_counts (at, metric, n)
        select * from unnest($7::timestamptz[], $8::text[], $9::bigint[]) as t(at, metric, n) order by 1, 2
        on conflict (at, metric) do update set n = recent_counts.n + excluded.n
      )
      insert into stats (day, list, source, domain, metric, n)
      select * from unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
        as t(day, list, source, domain, metric, n) order by 1, 2, 3, 4, 5
      on conflict (day, list, source, domain, metric) do update set n = stats.n + excluded.n`,
      [
        counts.map((count) => count.day),
        counts.map((count) => count.list),
        counts.map((count) => count.source),
        counts.map((count) => count.domain),
        counts.map((count) => count.metric),
        counts.map((count) => count.n),
        recents.map((count) => count.at),
        recents.map((count) => count.metric),
        recents.map((count) => count.n),
      ],
    ),
  )
}

export type StatsBy = 'day' | 'source' | 'domain' | 'list'
export type StatsLine = { readonly key: string; readonly metric: string; readonly n: number }

/** Sums between two days, both included. */
export async function sumStats(
  db: Db,
  asked: { by: StatsBy; from: string; to: string },
): Promise<StatsLine[]> {
  const column = sql.ref(asked.by)
  const { rows } = await sql<StatsLine>`
    select ${column}::text as key, metric, sum(n)::float8 as n from stats
    where day between ${asked.from}::date and ${asked.to}::date group by 1, 2 order by 1, 2`.execute(db)
  return rows
}
