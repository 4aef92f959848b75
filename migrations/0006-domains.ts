// Domains that the installation's own subscribers have proven to be real, what an operator's lists suggest besides, and
// what a signup was written against.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // A name gets in once several people stand for it, and then says nothing about any one of them.
  await sql`
    create table proven_domains (
      name text primary key check (length(name) between 3 and 252),
      proven_at timestamptz not null default now()
    )`.execute(db)
  // Until then there are keyed hashes only: of the domain, of each mailbox, and of where its owner confirmed from.
  await sql`
    create table domain_witnesses (
      domain bytea not null check (length(domain) = 16),
      person bytea not null check (length(person) = 16),
      network bytea check (length(network) = 16),
      seen_at timestamptz not null,
      primary key (domain, person)
    )`.execute(db)
  await sql`create index domain_witnesses_seen on domain_witnesses (seen_at)`.execute(db)
  await sql`alter table lists add column suggest_domains text[] not null default '{}'`.execute(db)
  await sql`
    alter table signups
      add column declined_suggestion text,
      add column disposable boolean not null default false`.execute(db)
}
