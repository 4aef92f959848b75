// The daily counters as a report on bounces wants them. The key of the table begins with the day: a period is one range.
import { sql } from 'kysely'
import type { Db } from './open-database.ts'

export type DayCount = { readonly day: string; readonly metric: string; readonly n: number }

/** Letters, refusals and bounces of each day; both days included. */
export async function sumBouncesByDay(db: Db, days: { from: string; to: string }): Promise<DayCount[]> {
  const { rows } = await sql<DayCount>`
    select day::text as day, metric, sum(n)::float8 as n from stats
    where day between ${days.from}::date and ${days.to}::date
      and (metric in ('letters', 'hard', 'refused') or metric like 'bounces/%')
    group by 1, 2`.execute(db)
  return rows
}

export type KeyCount = {
  readonly of: 'domain' | 'source' | 'list'
  readonly key: string
  readonly letters: number
  readonly hard: number
  readonly lettersBefore: number
  readonly hardBefore: number
}

const most = 1_000

/** Domains, sources and lists with at least `atLeast` hard bounces, before `from` or since; others cannot stand out. */
export async function sumBouncesByKey(
  db: Db,
  days: { before: string; from: string; to: string; atLeast: number },
): Promise<KeyCount[]> {
  const { rows } = await sql<KeyCount>`
    with counted as (
      select case when grouping(domain) = 0 then 'domain' when grouping(source) = 0 then 'source' else 'list' end as of,
        coalesce(domain, source, list) as key,
        coalesce(sum(n) filter (where metric = 'letters' and day >= ${days.from}::date), 0)::float8 as letters,
        coalesce(sum(n) filter (where metric = 'hard' and day >= ${days.from}::date), 0)::float8 as hard,
        coalesce(sum(n) filter (where metric = 'letters' and day < ${days.from}::date), 0)::float8 as "lettersBefore",
        coalesce(sum(n) filter (where metric = 'hard' and day < ${days.from}::date), 0)::float8 as "hardBefore"
      from stats
      where day between ${days.before}::date and ${days.to}::date and metric in ('letters', 'hard')
      group by grouping sets ((domain), (source), (list))
    )
    select * from counted where hard >= ${days.atLeast} or "hardBefore" >= ${days.atLeast}
    order by hard desc, of, key limit ${sql.lit(most)}`.execute(db)
  return rows
}
