// Signups in any state as the admin sees them. One whose time is up is expired whether or not a clock has marked it.
import { type Expression, type ExpressionBuilder, sql } from 'kysely'
import { type SignupStatus, signupStatuses } from '../core/signup-states.ts'
import type { Db } from './open-database.ts'
import type { LetterKind, LetterState, Schema } from './schema.ts'

export type SignupRecord = {
  readonly id: string
  readonly list: string
  readonly email: string
  readonly status: SignupStatus
  readonly reason: string | null
  readonly source: string | null
  readonly locale: string
  readonly signedUpAt: Date
  readonly confirmedAt: Date | null
  readonly attributes: Readonly<Record<string, unknown>> | null
  readonly consent: string | null
  readonly consentAsPosted: string | null
  readonly signupClient: string | null
  readonly confirmClient: string | null
}

export type SignupFilter = {
  readonly now: Date
  readonly limit?: number
  readonly id?: string
  readonly addressHash?: Buffer
  readonly listId?: number
  readonly status?: SignupStatus
  readonly bounced?: boolean
  /** only those made before the signup with this id */
  readonly before?: string
}

type Tables = Schema & { s: Schema['signups'] }

function isOverdue(e: ExpressionBuilder<Tables, 's'>, now: Date): Expression<boolean> {
  return sql<boolean>`(${e.ref('s.status')} = 'pending' and coalesce(${e.ref('s.expires_at')} <= ${now}, false))`
}

/** Newest first: a UUIDv7 sorts by time. */
export async function searchSignups(db: Db, filter: SignupFilter): Promise<SignupRecord[]> {
  const { now, id, addressHash, listId, status, bounced, before } = filter
  let query = db
    .selectFrom('signups as s')
    .innerJoin('lists as l', 'l.id', 's.list_id')
    .leftJoin('consents as c', (join) =>
      join.onRef('c.list_id', '=', 's.list_id').onRef('c.version', '=', 's.consent_version'),
    )
    .select((e) => [
      's.id',
      'l.slug as list',
      's.email',
      sql<SignupStatus>`case when ${isOverdue(e, now)} then 'expired' else ${e.ref('s.status')} end`.as(
        'status',
      ),
      's.reason',
      's.source',
      's.locale',
      's.signed_up_at as signedUpAt',
      's.confirmed_at as confirmedAt',
      's.attributes',
      'c.text as consent',
      's.consent_as_posted as consentAsPosted',
      's.signup_client as signupClient',
      's.confirm_client as confirmClient',
    ])
    .orderBy('s.id', 'desc')
  if (id !== undefined) query = query.where('s.id', '=', id)
  if (addressHash !== undefined) query = query.where('s.address_hash', '=', addressHash)
  if (listId !== undefined) query = query.where('s.list_id', '=', listId)
  if (before !== undefined) query = query.where('s.id', '<', before)
  if (status === 'expired') {
    query = query.where((e) => e.or([e('s.status', '=', 'expired'), isOverdue(e, now)]))
  } else if (status !== undefined) {
    query = query.where('s.status', '=', status)
    if (status === 'pending') query = query.where((e) => e.not(isOverdue(e, now)))
  }
  if (bounced !== undefined) {
    query = query.where((e) => {
      const report = e.exists(
        e.selectFrom('bounces').select('bounces.id').whereRef('bounces.signup_id', '=', 's.id'),
      )
      return bounced ? report : e.not(report)
    })
  }
  if (filter.limit !== undefined) query = query.limit(filter.limit)
  return query.execute()
}

export type LetterRecord = {
  readonly id: string
  readonly signupId: string
  readonly kind: LetterKind
  readonly state: LetterState
  readonly attempts: number
  readonly recipient: string
  readonly reply: string | null
  readonly reason: string | null
  readonly createdAt: Date
  readonly sentAt: Date | null
}

/** Oldest first. */
export async function readLetters(db: Db, signupIds: readonly string[]): Promise<LetterRecord[]> {
  if (signupIds.length === 0) return []
  return db
    .selectFrom('letters')
    .select([
      'id',
      'signup_id as signupId',
      'kind',
      'state',
      'attempts',
      'recipient',
      'reply',
      'reason',
      'created_at as createdAt',
      'sent_at as sentAt',
    ])
    .where('signup_id', 'in', signupIds)
    .orderBy('id')
    .execute()
}

export type EventRecord = {
  readonly signupId: string
  readonly type: string
  readonly at: Date
  readonly detail: Readonly<Record<string, unknown>> | null
  readonly client: string | null
  readonly agent: string | null
}

/** In the order in which they were recorded. */
export async function readEvents(db: Db, signupIds: readonly string[]): Promise<EventRecord[]> {
  if (signupIds.length === 0) return []
  return db
    .selectFrom('events')
    .select(['signup_id as signupId', 'type', 'at', 'detail', 'client', 'agent'])
    .where('signup_id', 'in', signupIds)
    .orderBy('signup_id')
    .orderBy('id')
    .execute()
}

export type StatusCounts = Readonly<Record<SignupStatus, number>>

/** How many signups each list has in each state, by the list's id. */
export async function countSignups(
  db: Db,
  asked: { now: Date; listIds: readonly number[] },
): Promise<Map<number, StatusCounts>> {
  const none = (): Record<SignupStatus, number> => ({
    pending: 0,
    confirmed: 0,
    unsubscribed: 0,
    invalid: 0,
    declined: 0,
    expired: 0,
    replaced: 0,
  })
  const counts = new Map(asked.listIds.map((id) => [id, none()]))
  if (asked.listIds.length === 0) return counts
  const { rows } = await sql<{ list_id: number; status: SignupStatus; n: string }>`
    select list_id, case when status = 'pending' and expires_at <= ${asked.now} then 'expired' else status end as status,
      count(*) as n
    from signups where list_id = any(${asked.listIds}::int[]) group by 1, 2`.execute(db)
  for (const row of rows) {
    const of = counts.get(row.list_id)
    if (of !== undefined && signupStatuses.includes(row.status)) of[row.status] = Number(row.n)
  }
  return counts
}
