// The bounce rate of the last 24 hours, its alarm, and the letters that report to the operator.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // A day that slides needs finer counters than the daily ones; a few hundred rows, older ones go.
  await sql`
    create table recent_counts (
      at timestamptz not null,
      metric text not null,
      n bigint not null,
      primary key (at, metric)
    ) with (fillfactor = 50)`.execute(db)
  await sql`
    create table bounce_alarm (
      one boolean primary key default true check (one),
      since timestamptz
    )`.execute(db)
  await sql`insert into bounce_alarm default values`.execute(db)
  // One row for each report there ever is to send: the key is what keeps two processes from sending it twice.
  await sql`
    create table report_letters (
      kind text not null check (kind in ('alarm', 'day', 'week')),
      first_day date not null,
      id uuid not null unique,
      state text not null default 'queued' check (state in ('queued', 'sent', 'undeliverable', 'dropped')),
      due_at timestamptz not null,
      claim uuid,
      attempts int not null default 0,
      created_at timestamptz not null,
      sent_at timestamptz,
      reply text,
      primary key (kind, first_day),
      check ((state = 'sent') = (sent_at is not null)),
      check (state = 'queued' or claim is null)
    )`.execute(db)
  // Newest first is by id, which sorts by time; reports of nobody's letters are few among all.
  await sql`create index bounces_unmatched_id on bounces (id) where signup_id is null`.execute(db)
}
