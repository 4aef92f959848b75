// Waves of refusals: what raised the alarm, what was held for it, and how far its undoing has come. Nothing in these
// rows is about a person: examples are read from the reports when they are shown.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table waves (
      id uuid primary key,
      kind text not null check (kind in ('domain', 'provider', 'reputation')),
      subject text not null,
      domains text[] not null,
      state text not null default 'open' check (state in ('open', 'over', 'undone')),
      began_at timestamptz not null,
      noticed_at timestamptz not null,
      ended_at timestamptz,
      ended_why text,
      numbers jsonb not null,
      trial_at timestamptz,
      trial_letter uuid,
      undo_asked_at timestamptz,
      undo_done_at timestamptz,
      undo_found int not null default 0,
      undo_sent int not null default 0,
      undo_skipped int not null default 0,
      -- the last report that was dealt with, and when the last letter is due
      undo_at timestamptz,
      undo_bounce uuid,
      undo_due_at timestamptz,
      check ((state = 'open') = (ended_at is null)),
      check ((state = 'undone') = (undo_asked_at is not null))
    )`.execute(db)
  // Two processes that see the same wave raise one alarm.
  await sql`create unique index waves_open on waves (kind, subject) where state = 'open'`.execute(db)
  await sql`create index waves_ended on waves (ended_at)`.execute(db)
  await sql`alter table letters add column held_by uuid`.execute(db)
  await sql`create index letters_held on letters (held_by) where held_by is not null`.execute(db)
  // The newest outcomes over all domains: one entry at the right edge for each letter that is sent or refused.
  await sql`
    create index letters_outcome on letters (ended_at) where state in ('sent', 'undeliverable')`.execute(db)
  await sql`create index bounces_matched on bounces (received_at, id) where signup_id is not null`.execute(db)
  // (Replaced, since a restore drops tables and what their triggers call, and not this one.)
  // What one person can have many of counts once: a /64 of IPv6, as SIGNUPS_PER_CLIENT counts.
  await sql`
    create or replace function client_network(client text) returns text language plpgsql immutable as $$
    begin
      if client !~ ':' then
        return client;
      end if;
      return network(set_masklen(client::inet, 64))::text;
    exception when data_exception then
      return client;
    end $$`.execute(db)
}
