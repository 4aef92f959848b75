// Lists, people and signups. The schema holds the promise itself: what is exported comes from a view that only confirmed rows can
// enter, a state and its times cannot disagree, and no state can be left by a way that is not in the table.
import { randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await installation(db)
  await lists(db)
  await people(db)
  await signups(db)
  await transitions(db)
}

async function installation(db: Kysely<unknown>) {
  await sql`
    create table installation (
      one boolean primary key default true check (one),
      -- keys the hashes of addresses; never changes, for a suppression must outlive every other key
      address_key bytea not null check (length(address_key) = 32),
      -- changes when the database is restored elsewhere: transaction ids mean nothing there
      epoch uuid not null default gen_random_uuid(),
      made_at timestamptz not null default now()
    )`.execute(db)
  await sql`insert into installation (address_key) values (${randomBytes(32)})`.execute(db)
}

async function lists(db: Kysely<unknown>) {
  await sql`
    create table lists (
      id int generated always as identity primary key,
      slug text not null unique check (slug ~ '^[a-z0-9-]{1,64}$'),
      name text not null,
      locale text not null default 'en',
      sender text,
      reply_to text,
      confirmed_url text,
      organisation text,
      privacy_url text,
      consent_version int not null default 0,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`.execute(db)
  await sql`
    create table consents (
      list_id int not null references lists,
      version int not null check (version > 0),
      text text not null,
      since timestamptz not null default now(),
      primary key (list_id, version)
    )`.execute(db)
  await sql`insert into lists (slug, name) values ('default', 'Newsletter')`.execute(db)
}

// One row a person's address and one a mailbox: they are what signups lock, and where suppression and limits are
// decided on the newest version of the row. Both are found by hash, so a suppression outlives an erasure.
async function people(db: Kysely<unknown>) {
  await sql`
    create table addresses (
      hash bytea primary key check (length(hash) = 16),
      email text,
      seen_at timestamptz not null,
      bounced_at timestamptz,
      bounced_until timestamptz,
      bounce_wait_seconds int check (bounce_wait_seconds > 0),
      bounce_category text,
      bounce_status text,
      bounce_reply text,
      declined_at timestamptz,
      declined_until timestamptz,
      declined_why text check (declined_why in ('not-me', 'complaint')),
      check ((bounced_until is null) = (bounced_at is null) and (bounced_until is null) = (bounce_category is null)),
      check ((declined_until is null) = (declined_at is null) and (declined_until is null) = (declined_why is null))
    ) with (fillfactor = 80)`.execute(db)
  await sql`
    create index addresses_suppressed on addresses (hash)
      where bounced_until is not null or declined_until is not null`.execute(db)
  await sql`
    create table mailboxes (
      hash bytea primary key check (length(hash) = 16),
      recent timestamptz[] not null,
      recent_lists int[] not null,
      granted boolean not null,
      check (cardinality(recent) = cardinality(recent_lists))
    ) with (fillfactor = 80)`.execute(db)
  // Counts that a crash may forget: no need to write them ahead.
  await sql`
    create unlogged table clients (
      key text primary key,
      since timestamptz not null,
      used_before int not null,
      used int not null
    ) with (fillfactor = 60)`.execute(db)
}

async function signups(db: Kysely<unknown>) {
  await sql`
    create table signups (
      id uuid primary key,
      list_id int not null references lists,
      address_hash bytea not null,
      email text not null,
      status text not null check
        (status in ('pending', 'confirmed', 'unsubscribed', 'invalid', 'declined', 'expired', 'replaced')),
      reason text,
      key_id text not null,
      locale text not null,
      source text check (length(source) <= 64),
      attributes jsonb,
      consent_version int not null,
      consent_as_posted text,
      signup_client text,
      confirm_client text,
      signed_up_at timestamptz not null,
      expires_at timestamptz,
      confirmed_at timestamptz,
      confirmed_by uuid,
      confirmed_xid xid8,
      ended_at timestamptz,
      -- whoever was on a list once said yes, at a time, through a letter; nobody else has such a time
      check ((status in ('confirmed', 'unsubscribed')) = (confirmed_at is not null)),
      check ((confirmed_at is null) = (confirmed_by is null)),
      check ((confirmed_at is null) = (confirmed_xid is null)),
      check (confirmed_at is null or confirmed_at >= signed_up_at),
      check ((status in ('pending', 'confirmed')) = (ended_at is null)),
      check (status not in ('invalid', 'declined') or reason is not null)
    ) with (fillfactor = 80)`.execute(db)
  await sql`
    create unique index signups_open on signups (list_id, address_hash)
      where status in ('pending', 'confirmed')`.execute(db)
  await sql`create index signups_address on signups (address_hash)`.execute(db)
  await sql`
    create index signups_expiring on signups (expires_at) where status = 'pending' and expires_at is not null
  `.execute(db)
  await sql`create index signups_ended on signups (ended_at) where ended_at is not null`.execute(db)
  await sql`
    create index signups_confirmed on signups (list_id, confirmed_xid) where status = 'confirmed'`.execute(db)
  await sql`
    create view subscribers as
      select s.*, c.text as consent
      from signups s left join consents c on c.list_id = s.list_id and c.version = s.consent_version
      where s.status = 'confirmed' and s.confirmed_at is not null and s.confirmed_by is not null
  `.execute(db)
  await sql`
    create table departures (
      id bigint generated always as identity primary key,
      list_id int not null references lists,
      signup_id uuid not null,
      address_hash bytea not null,
      email text not null,
      left_at timestamptz not null,
      why text not null check (why in ('unsubscribed', 'complaint', 'erased', 'admin')),
      left_xid xid8 not null default pg_current_xact_id()
    )`.execute(db)
  await sql`create index departures_list on departures (list_id, left_xid)`.execute(db)
  await sql`create index departures_address on departures (address_hash)`.execute(db)
}

async function transitions(db: Kysely<unknown>) {
  await sql`
    create function signup_may_become() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        if new.status <> 'pending' then
          raise exception 'a signup begins as pending, not as %', new.status using errcode = 'check_violation';
        end if;
      elsif not (
        (old.status = 'pending' and new.status in ('confirmed', 'invalid', 'declined', 'expired', 'replaced')) or
        (old.status = 'confirmed' and new.status = 'unsubscribed') or
        (old.status in ('invalid', 'expired') and new.status = 'replaced')
      ) then
        raise exception 'a signup that is % cannot become %', old.status, new.status
          using errcode = 'check_violation';
      end if;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger signup_begins before insert on signups
      for each row when (new.status <> 'pending') execute function signup_may_become()`.execute(db)
  await sql`
    create trigger signup_changes before update of status on signups
      for each row when (old.status is distinct from new.status) execute function signup_may_become()
  `.execute(db)
  // A confirmation is evidence: who, where, when, by which letter and to which words stay as they were.
  await sql`
    create function signup_evidence_stays() returns trigger language plpgsql as $$
    begin
      raise exception 'the confirmation of signup % cannot be changed', old.id using errcode = 'check_violation';
    end $$`.execute(db)
  await sql`
    create trigger signup_evidence before update on signups
      for each row when (old.confirmed_at is not null and
        (old.id, old.list_id, old.address_hash, old.email, old.signed_up_at, old.consent_version,
          old.consent_as_posted, old.confirmed_at, old.confirmed_by)
        is distinct from
        (new.id, new.list_id, new.address_hash, new.email, new.signed_up_at, new.consent_version,
          new.consent_as_posted, new.confirmed_at, new.confirmed_by))
      execute function signup_evidence_stays()`.execute(db)
  await sql`
    create function consent_stays() returns trigger language plpgsql as $$
    begin
      raise exception 'words that somebody may have agreed to cannot be changed' using errcode = 'check_violation';
    end $$`.execute(db)
  await sql`
    create trigger consent_stays before update on consents for each row execute function consent_stays()`.execute(
    db,
  )
}
