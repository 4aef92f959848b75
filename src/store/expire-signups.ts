import { sql } from 'kysely'
import type { Db } from './open-database.ts'

/** Marks pending signups whose time is up; how many. The rest of a long row is left for the next turn. */
export async function expireSignups(db: Db, at: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ n: string }>`
    with late as (
      select id from signups where status = 'pending' and expires_at <= ${at}
      order by id limit ${limit} for update skip locked
    ), ended as (
      update signups set status = 'expired', ended_at = ${at}::timestamptz
      where id in (select id from late) returning id
    ), event as (
      insert into events (signup_id, type, at) select id, 'expired', ${at}::timestamptz from ended
    )
    select count(*) as n from ended`.execute(db)
  return Number(rows[0]?.n ?? 0)
}
