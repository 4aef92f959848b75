import { sql } from 'kysely'
import type { Db, Trx } from './open-database.ts'

export type List = {
  readonly id: number
  readonly slug: string
  readonly name: string
  readonly locale: string
  readonly from: string | null
  readonly replyTo: string | null
  readonly confirmedUrl: string | null
  readonly organisation: string | null
  readonly privacyUrl: string | null
  readonly consent: string | null
  /** 0 while the list has never had consent words */
  readonly consentVersion: number
  /** Domains that are meant more often here than elsewhere, and are real. */
  readonly suggestDomains: readonly string[]
  /** Sites whose forms and scripts may sign up here; null: whatever the service allows. */
  readonly allowedOrigins: readonly string[] | null
}

function query(db: Db) {
  return db
    .selectFrom('lists as l')
    .leftJoin('consents as c', (join) =>
      join.onRef('c.list_id', '=', 'l.id').onRef('c.version', '=', 'l.consent_version'),
    )
    .select([
      'l.id',
      'l.slug',
      'l.name',
      'l.locale',
      'l.sender as from',
      'l.reply_to as replyTo',
      'l.confirmed_url as confirmedUrl',
      'l.organisation',
      'l.privacy_url as privacyUrl',
      'l.consent_version as consentVersion',
      'l.suggest_domains as suggestDomains',
      'l.allowed_origins as allowedOrigins',
      'c.text as consent',
    ])
}

export async function readLists(db: Db): Promise<List[]> {
  return query(db).orderBy('l.slug').execute()
}

export async function readList(db: Db, slug: string): Promise<List | null> {
  return (await query(db).where('l.slug', '=', slug).executeTakeFirst()) ?? null
}

export async function readListById(db: Db, id: number): Promise<List | null> {
  return (await query(db).where('l.id', '=', id).executeTakeFirst()) ?? null
}

/** Every site that some list names. */
export async function readListOrigins(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('lists')
    .select(sql<string>`unnest(allowed_origins)`.as('origin'))
    .distinct()
    .where('allowed_origins', 'is not', null)
    .execute()
  return rows.map(({ origin }) => origin)
}

/** The words that a signup agreed to; a version never changes. */
export async function readConsent(db: Db, listId: number, version: number): Promise<string | null> {
  const row = await db
    .selectFrom('consents')
    .select('text')
    .where('list_id', '=', listId)
    .where('version', '=', version)
    .executeTakeFirst()
  return row?.text ?? null
}

/** Nobody else changes or makes a list of this name until the transaction ends. */
export async function lockList(trx: Trx, slug: string): Promise<List | null> {
  await sql`select pg_advisory_xact_lock(hashtextextended('ayes list ' || ${slug}, 0))`.execute(trx)
  return readList(trx, slug)
}

export type ListChange = Omit<List, 'id' | 'slug' | 'consentVersion'>

/** Makes the list or changes it; new consent words become a new version. */
export async function saveList(
  trx: Trx,
  slug: string,
  list: ListChange,
  now: Date,
): Promise<'made' | 'changed'> {
  const values = {
    name: list.name,
    locale: list.locale,
    sender: list.from,
    reply_to: list.replyTo,
    confirmed_url: list.confirmedUrl,
    organisation: list.organisation,
    privacy_url: list.privacyUrl,
    suggest_domains: [...list.suggestDomains],
    allowed_origins: list.allowedOrigins === null ? null : [...list.allowedOrigins],
    updated_at: now,
  }
  const row = await trx
    .insertInto('lists')
    .values({ slug, ...values, created_at: now })
    .onConflict((conflict) => conflict.column('slug').doUpdateSet(values))
    .returning(['id', 'consent_version', sql<boolean>`xmax = 0`.as('made')])
    .executeTakeFirstOrThrow()
  await saveConsent(trx, row.id, row.consent_version, list.consent, now)
  return row.made ? 'made' : 'changed'
}

async function saveConsent(trx: Trx, listId: number, version: number, text: string | null, now: Date) {
  const current = await readConsent(trx, listId, version)
  if (current === text) return
  const newest = await trx
    .selectFrom('consents')
    .select((e) => e.fn.max('version').as('version'))
    .where('list_id', '=', listId)
    .executeTakeFirst()
  const next = text === null ? 0 : (newest?.version ?? 0) + 1
  if (text !== null) {
    await trx.insertInto('consents').values({ list_id: listId, version: next, text, since: now }).execute()
  }
  await trx.updateTable('lists').set({ consent_version: next }).where('id', '=', listId).execute()
}
