// Domains that confirmed subscribers stand for. Until enough of them do, nothing but keyed hashes is kept.
import { sql } from 'kysely'
import type { Db, Trx } from './open-database.ts'

export type Witness = {
  readonly name: string
  readonly domain: Buffer
  readonly person: Buffer
  /** null: where they confirmed from says nothing, and counts as a place of its own */
  readonly network: Buffer | null
  readonly at: Date
}

/**
 * How many stand for the domain now; null where it is proven already. Two who come at once are counted one after the
 * other: nobody else adds to this domain until the transaction ends.
 */
export async function addWitness(
  trx: Trx,
  witness: Witness,
): Promise<{ people: number; networks: number } | null> {
  const { name, domain, person, network, at } = witness
  await sql`select pg_advisory_xact_lock(hashtextextended('ayes domain ' || ${name}, 0))`.execute(trx)
  const known = trx.selectFrom('proven_domains').select('name').where('name', '=', name)
  if ((await known.executeTakeFirst()) !== undefined) return null
  await trx
    .insertInto('domain_witnesses')
    .values({ domain, person, network, seen_at: at })
    .onConflict((conflict) => conflict.columns(['domain', 'person']).doNothing())
    .execute()
  const { rows } = await sql<{ people: number; networks: number }>`
    select count(*)::int as people,
      (count(distinct network) + count(*) filter (where network is null))::int as networks
    from domain_witnesses where domain = ${domain}`.execute(trx)
  return rows[0] ?? null
}

/** The name takes the place of the hashes, and every process is told when the transaction commits. */
export async function proveDomain(
  trx: Trx,
  { name, domain }: Pick<Witness, 'name' | 'domain'>,
): Promise<void> {
  await trx
    .insertInto('proven_domains')
    .values({ name })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await trx.deleteFrom('domain_witnesses').where('domain', '=', domain).execute()
  await sql`select pg_notify('ayes_domains', ${name})`.execute(trx)
}

/** Changes whenever a domain is added or taken out. */
export async function readProvenMark(db: Db): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select concat(count(*), ' ', max(proven_at)) as mark from proven_domains`.execute(db)
  return rows[0]?.mark ?? ''
}

/** The newest, at most so many. */
export async function readProvenDomains(db: Db, most: number): Promise<string[]> {
  const rows = await db
    .selectFrom('proven_domains')
    .select('name')
    .orderBy('proven_at', 'desc')
    .limit(most)
    .execute()
  return rows.map(({ name }) => name)
}

export async function eraseWitness(trx: Trx, who: Pick<Witness, 'domain' | 'person'>): Promise<void> {
  await trx
    .deleteFrom('domain_witnesses')
    .where('domain', '=', who.domain)
    .where('person', '=', who.person)
    .execute()
}
