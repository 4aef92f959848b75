// What has been kept long enough, deleted in small statements: each takes its rows in the order of their keys and
// skips those that somebody else holds, so several processes may do it at once. Limits stand in the text and keys
// come as arrays: a prepared statement would else be planned for a tenth of the table, and read all of it.
import { sql } from 'kysely'
import type { Db } from './open-database.ts'

export type Batch = {
  /** Rows that were due in this batch; fewer than the limit: nothing is left. */
  readonly found: number
  /** Rows that were dealt with; the rest is somebody else's at this moment. */
  readonly done: number
}

async function batch(db: Db, statement: ReturnType<typeof sql<{ found: string; done: string }>>) {
  const { rows } = await statement.execute(db)
  return { found: Number(rows[0]?.found ?? 0), done: Number(rows[0]?.done ?? 0) }
}

/**
 * Ended signups with their letters, events and bounces; `pending` and `confirmed` ones have no end. Those that are kept
 * for years are looked for by themselves: in one walk by time they would all be read before what is due. One whose
 * letter the relay is taking at this moment waits: its letter's row is held by somebody who wants the signup's next.
 */
export async function deleteEndedSignups(
  db: Db,
  ended: { before: Date; unsubscribedBefore: Date; now: Date; limit: number },
): Promise<Batch> {
  return batch(
    db,
    sql`
    with due as materialized (
      (select id from signups where ended_at <= ${ended.before} and ended_at is not null and status <> 'unsubscribed'
        order by ended_at limit ${sql.lit(ended.limit)})
      union all
      (select id from signups where ended_at <= ${ended.unsubscribedBefore} and status = 'unsubscribed'
        order by ended_at limit ${sql.lit(ended.limit)})
    ), mine as materialized (
      select id from signups s where id = any(array(select id from due)) and status not in ('pending', 'confirmed')
        and not exists (
          select from letters l where l.signup_id = s.id and l.claim is not null and l.due_at > ${ended.now})
      order by id for update skip locked
    ), gone as (
      delete from signups where id = any(array(select id from mine)) returning id
    )
    select (select count(*) from due) as found, (select count(*) from gone) as done`,
  )
}

/**
 * Client addresses and agents, in events and in the signup or confirmation that such an event stands for. They are
 * led by the events, whose index knows which are left. The signup is locked first, as everywhere.
 */
export async function forgetClients(db: Db, old: { before: Date; limit: number }): Promise<Batch> {
  return batch(
    db,
    sql`
    with due as materialized (
      select signup_id from events
      where at <= ${old.before} and (client is not null or agent is not null)
      order by at limit ${sql.lit(old.limit)}
    ), mine as materialized (
      select id from signups where id = any(array(select signup_id from due))
      order by id for no key update skip locked
    ), gone as materialized (
      update events set client = null, agent = null
      where signup_id = any(array(select id from mine)) and at <= ${old.before}
        and (client is not null or agent is not null)
      returning signup_id, type
    ), signup as (
      update signups set signup_client = null where signup_client is not null
        and id = any(array(select signup_id from gone where type in ('signed-up', 'letter-asked')))
        and id <> all(array(select signup_id from gone where type = 'confirmed'))
    ), confirmation as (
      update signups set confirm_client = null,
        signup_client = case when id = any(array(select signup_id from gone where type in ('signed-up', 'letter-asked'))) then null
          else signup_client end
      where id = any(array(select signup_id from gone where type = 'confirmed'))
    )
    select (select count(*) from due) as found, (select count(*) from gone) as done`,
  )
}

/** Reports that named no letter of ours. */
export async function deleteUnmatched(db: Db, old: { before: Date; limit: number }): Promise<Batch> {
  return batch(
    db,
    sql`
    with due as materialized (
      select id from bounces where signup_id is null and received_at <= ${old.before}
      order by received_at limit ${sql.lit(old.limit)} for update skip locked
    ), gone as (
      delete from bounces where id = any(array(select id from due)) returning id
    )
    select (select count(*) from due) as found, (select count(*) from gone) as done`,
  )
}

/** Who left, once every reader of departures has had time to learn of it. */
export async function deleteDepartures(
  db: Db,
  old: { before: Date; erasedBefore: Date; limit: number },
): Promise<Batch> {
  return batch(
    db,
    sql`
    with due as materialized (
      select id from departures
      where left_at <= ${old.before} or (why = 'erased' and left_at <= ${old.erasedBefore})
      order by id limit ${sql.lit(old.limit)} for update skip locked
    ), gone as (
      delete from departures where id = any(array(select id from due)) returning id
    )
    select (select count(*) from due) as found, (select count(*) from gone) as done`,
  )
}

/** Counts of clients whose window is over. */
export async function deleteClients(db: Db, old: { before: Date; limit: number }): Promise<Batch> {
  return batch(
    db,
    sql`
    with due as materialized (
      select key from clients where since <= ${old.before} order by key limit ${sql.lit(old.limit)} for update skip locked
    ), gone as (
      delete from clients where key = any(array(select key from due)) returning key
    )
    select (select count(*) from due) as found, (select count(*) from gone) as done`,
  )
}
/** Who stood for a domain that has not been proven in all that time. */
export async function deleteWitnesses(db: Db, old: { before: Date; limit: number }): Promise<Batch> {
  return batch(
    db,
    sql`
    with due as materialized (
      select domain, person from domain_witnesses where seen_at <= ${old.before}
      order by seen_at limit ${sql.lit(old.limit)} for update skip locked
    ), gone as (
      delete from domain_witnesses w using due where w.domain = due.domain and w.person = due.person
      returning w.person
    )
    select (select count(*) from due) as found, (select count(*) from gone) as done`,
  )
}
