// How the newest letters ended, and which of them were refused by whom: what waves are found in. A letter counts once,
// by its last outcome: one that the relay took and that came back later is refused.
import { sql } from 'kysely'
import type { Db } from './open-database.ts'
import type { WaveRow } from './waves.ts'

/** As many letters as are looked at. Beyond them the daily counters tell what was usual. */
export const mostOutcomes = 10_000

export type OutcomeRow = {
  readonly domain: string
  readonly at: Date
  readonly client: string
  readonly category: string
  /** its rank among all letters, newest first, and among those of its domain */
  readonly overall: number
  readonly here: number
  readonly tried: number
  readonly triedHere: number
  readonly oldest: Date
}

/** Is there any report of a letter since? Cheap, so that nothing else is asked on a quiet day. */
export async function newestRefusal(db: Db): Promise<string | null> {
  const row = await db
    .selectFrom('bounces')
    .select('id')
    .where('signup_id', 'is not', null)
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

/**
 * Refused letters among the newest, newest first. What the admin asked for has no client and counts by its address.
 * A failure behind a forward is not the refusal of the domain that was typed.
 */
export async function readRefusals(db: Db, since: Date): Promise<OutcomeRow[]> {
  const { rows } = await sql<OutcomeRow>`
    with newest as materialized (
      select id, signup_id, state, reason, ended_at,
        lower(substring(recipient from '[^@]*$')) as domain
      from letters where state in ('sent', 'undeliverable') and ended_at > ${since}
      order by ended_at desc limit ${sql.lit(mostOutcomes)}
    ), ranked as (
      select *, row_number() over (order by ended_at desc, id desc)::int as overall,
        row_number() over (partition by domain order by ended_at desc, id desc)::int as here,
        count(*) over ()::int as tried, count(*) over (partition by domain)::int as tried_here,
        min(ended_at) over () as oldest
      from newest
    )
    select r.domain, r.ended_at as at, r.reason as category, r.overall, r.here, r.tried, r.tried_here as "triedHere",
      r.oldest, coalesce(client_network(s.signup_client), encode(s.address_hash, 'hex')) as client
    from ranked r join signups s on s.id = r.signup_id
    where r.state = 'undeliverable' and not exists (
      select from bounces b where b.signup_id = r.signup_id and b.letter_id = r.id and b.forwarded)
    order by r.overall`.execute(db)
  return rows
}

export type Earlier = { readonly domain: string; readonly letters: number; readonly bounces: number }

/** Daily counters of these domains; both days included. */
export async function readEarlier(
  db: Db,
  asked: { domains: readonly string[]; from: string; to: string },
): Promise<Earlier[]> {
  if (asked.domains.length === 0) return []
  const { rows } = await sql<Earlier>`
    select domain, coalesce(sum(n) filter (where metric = 'letters'), 0)::float8 as letters,
      coalesce(sum(n) filter (where metric like 'bounces/%' and metric <> 'bounces/complaint'), 0)::float8 as bounces
    from stats where day between ${asked.from}::date and ${asked.to}::date
      and domain = any(${[...asked.domains]}::text[]) group by 1`.execute(db)
  return rows
}

/** Reports that belong to a wave, as a condition on bounces `b` and letters `l`. */
export function belongsTo(wave: Pick<WaveRow, 'kind' | 'domains' | 'began_at' | 'ended_at'>) {
  const during = sql`b.signup_id is not null and not b.forwarded and b.category <> 'complaint'
    and b.received_at >= ${wave.began_at} and b.received_at <= ${wave.ended_at ?? 'infinity'}::timestamptz`
  return wave.kind === 'reputation'
    ? sql`${during} and b.category = 'policy-or-spam'`
    : sql`${during} and lower(substring(l.recipient from '[^@]*$')) = any(${wave.domains}::text[])`
}

export type WaveExample = {
  readonly signupId: string
  readonly at: Date
  readonly category: string
  readonly status: string | null
  readonly reply: string | null
}

export async function readExamples(db: Db, wave: WaveRow, limit: number): Promise<WaveExample[]> {
  const { rows } = await sql<WaveExample>`
    select b.signup_id as "signupId", b.received_at as at, b.category, b.status, b.reply
    from bounces b join letters l on l.id = b.letter_id
    where ${belongsTo(wave)} order by b.received_at desc, b.id desc limit ${sql.lit(limit)}`.execute(db)
  return rows
}
