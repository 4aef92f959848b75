// What whoever follows a letter may learn of it, read for many letters by one statement.
import { CompiledQuery } from 'kysely'
import type { Db } from './open-database.ts'
import type { LetterRow, SignupRow } from './signups.ts'
import { plannedAnew } from './statements.ts'

export type FollowedLetter = Pick<
  LetterRow,
  'id' | 'kind' | 'state' | 'attempts' | 'reason' | 'recipient' | 'sent_at' | 'ended_at' | 'first_tried_at'
> &
  Pick<SignupRow, 'confirmed_at' | 'list_id' | 'locale'>

/** In any order; a letter that is gone is not among them. */
export async function readFollowed(
  db: Db,
  letterIds: readonly string[],
): Promise<ReadonlyMap<string, FollowedLetter>> {
  if (letterIds.length === 0) return new Map()
  const { rows } = await db.executeQuery<FollowedLetter>(
    CompiledQuery.raw(
      `${plannedAnew}select l.id, l.kind, l.state, l.attempts, l.reason, l.recipient, l.sent_at, l.ended_at,
        l.first_tried_at, s.confirmed_at, s.list_id, s.locale
      from letters l join signups s on s.id = l.signup_id where l.id = any($1::uuid[])`,
      [letterIds],
    ),
  )
  return new Map(rows.map((row) => [row.id, row]))
}
