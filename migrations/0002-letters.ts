// Letters with their queue, events, bounces, and what operating it needs.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await letters(db)
  await reports(db)
  await operation(db)
}

// The letter's row is the queue entry: there is no second queue to keep in step.
async function letters(db: Kysely<unknown>) {
  await sql`
    create table letters (
      id uuid primary key,
      signup_id uuid not null references signups on delete cascade,
      kind text not null check (kind in ('confirmation', 'already')),
      state text not null default 'queued' check (state in ('queued', 'sent', 'undeliverable', 'dropped')),
      recipient text not null,
      locale text not null,
      key_id text not null,
      attempts int not null default 0,
      due_at timestamptz not null,
      claim uuid,
      first_tried_at timestamptz,
      created_at timestamptz not null,
      sent_at timestamptz,
      ended_at timestamptz,
      reply text,
      status text,
      reason text,
      check (state <> 'sent' or sent_at is not null),
      check (state = 'queued' or (claim is null and ended_at is not null)),
      check (state <> 'undeliverable' or reason is not null)
    ) with (fillfactor = 70)`.execute(db)
  await sql`create index letters_due on letters (due_at) where state = 'queued'`.execute(db)
  // Who is on a list said yes through a letter of this very signup.
  await sql`
    create function signup_confirmed_by_its_letter() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from letters where id = new.confirmed_by and signup_id = new.id and kind = 'confirmation'
      ) then
        raise exception 'signup % has no letter %', new.id, new.confirmed_by using errcode = 'check_violation';
      end if;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger signup_confirmed_by_its_letter before update of status on signups
      for each row when (new.status = 'confirmed' and old.status <> 'confirmed')
      execute function signup_confirmed_by_its_letter()`.execute(db)
  await sql`create index letters_signup on letters (signup_id)`.execute(db)
  await sql`
    create table events (
      signup_id uuid not null references signups on delete cascade,
      id bigint generated always as identity,
      letter_id uuid,
      type text not null,
      at timestamptz not null,
      detail jsonb,
      client text,
      agent text,
      primary key (signup_id, id)
    )`.execute(db)
  // Events are never changed; only the client's address and agent are forgotten in time.
  await sql`
    create function event_stays() returns trigger language plpgsql as $$
    begin
      if new.client is null and new.agent is null and
        (new.signup_id, new.id, new.letter_id, new.type, new.at, new.detail)
          is not distinct from (old.signup_id, old.id, old.letter_id, old.type, old.at, old.detail) then
        return new;
      end if;
      raise exception 'an event cannot be changed' using errcode = 'check_violation';
    end $$`.execute(db)
  await sql`
    create trigger event_stays before update on events for each row execute function event_stays()`.execute(
    db,
  )
  // One event is not taken out of its signup's story; with its signup it goes.
  await sql`
    create function event_goes_with_its_signup() returns trigger language plpgsql as $$
    begin
      if exists (select from signups where id = old.signup_id) then
        raise exception 'an event is deleted with its signup only' using errcode = 'check_violation';
      end if;
      return old;
    end $$`.execute(db)
  await sql`
    create trigger event_goes_with_its_signup before delete on events
      for each row execute function event_goes_with_its_signup()`.execute(db)
  await sql`create index events_clients on events (at) where client is not null or agent is not null`.execute(
    db,
  )
}

async function reports(db: Kysely<unknown>) {
  await sql`
    create table bounces (
      id uuid primary key,
      received_at timestamptz not null,
      door text not null,
      -- the same report is taken once, however often a door hands it in
      fingerprint bytea not null unique,
      letter_id uuid,
      signup_id uuid references signups on delete cascade,
      category text,
      status text,
      reply text,
      recipient text,
      rule text,
      forwarded boolean not null default false,
      raw bytea check (length(raw) <= 65536)
    )`.execute(db)
  await sql`create index bounces_signup on bounces (signup_id)`.execute(db)
  await sql`create index bounces_unmatched on bounces (received_at) where signup_id is null`.execute(db)
}

async function operation(db: Kysely<unknown>) {
  // Daily counters without persons: they stay when the rows that were counted are gone.
  await sql`
    create table stats (
      day date not null,
      list text not null,
      source text not null,
      domain text not null,
      metric text not null,
      n bigint not null,
      primary key (day, list, source, domain, metric)
    ) with (fillfactor = 80)`.execute(db)
  await sql`
    create table acts (
      id bigint generated always as identity primary key,
      at timestamptz not null,
      type text not null,
      detail jsonb
    )`.execute(db)
  await sql`
    create table relay (
      one boolean primary key default true check (one),
      trouble_since timestamptz,
      trouble text,
      seen_at timestamptz,
      recovered_at timestamptz
    )`.execute(db)
  await sql`insert into relay default values`.execute(db)
}
