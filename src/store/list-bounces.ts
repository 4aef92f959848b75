// Reports as the admin looks at them, newest first: a UUIDv7 sorts by time.
import type { BounceRow } from './bounces.ts'
import type { Db } from './open-database.ts'

const columns = [
  'id',
  'received_at as at',
  'door',
  'category',
  'status',
  'reply',
  'recipient',
  'rule',
  'forwarded',
  'signup_id as signupId',
  'letter_id as letterId',
] as const

export type ListedBounce = Omit<BounceRow, 'fingerprint'> & {
  readonly signupId: string | null
  readonly letterId: string | null
}

export type BounceFilter = {
  readonly unmatched: boolean | null
  readonly category: string | null
  readonly door: string | null
  readonly rule: string | null
  /** only those that came in before the one with this id */
  readonly before: string | null
  readonly limit: number
}

export async function listBounces(db: Db, filter: BounceFilter): Promise<ListedBounce[]> {
  const { unmatched, category, door, rule, before } = filter
  let query = db.selectFrom('bounces').select(columns).orderBy('id', 'desc').limit(filter.limit)
  if (unmatched !== null) query = query.where('signup_id', unmatched ? 'is' : 'is not', null)
  if (category !== null) query = query.where('category', '=', category)
  if (door !== null) query = query.where('door', '=', door)
  if (rule !== null) query = query.where('rule', '=', rule)
  if (before !== null) query = query.where('id', '<', before)
  return query.execute()
}

/** With what was kept of the message, for one that named no letter of ours. */
export async function findBounce(
  db: Db,
  id: string,
): Promise<(ListedBounce & { readonly raw: Buffer | null }) | null> {
  const query = db.selectFrom('bounces').select(columns).select('raw').where('id', '=', id)
  return (await query.executeTakeFirst()) ?? null
}
