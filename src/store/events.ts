import type { Db } from './open-database.ts'

export type EventType =
  | 'signed-up'
  | 'signed-up-again'
  | 'letter-asked'
  | 'letter-sent'
  | 'letter-deferred'
  | 'letter-dropped'
  | 'bounced'
  | 'confirmed'
  | 'clicked-again'
  | 'clicked-too-late'
  | 'renewed'
  | 'invalid'
  | 'declined'
  | 'decline-undone'
  | 'unsubscribed'
  | 'expired'
  | 'corrected'
  | 'resent'
  | 'brought-back'
  | 'suppression-lifted'

export type Happening = {
  readonly signupId: string
  readonly letterId?: string | null
  readonly type: EventType
  readonly at: Date
  readonly detail?: Readonly<Record<string, unknown>> | null
  readonly client?: string | null
  readonly agent?: string | null
}

export async function recordEvent(db: Db, event: Happening): Promise<void> {
  await db
    .insertInto('events')
    .values({
      signup_id: event.signupId,
      letter_id: event.letterId ?? null,
      type: event.type,
      at: event.at,
      detail: event.detail == null ? null : JSON.stringify(event.detail),
      client: event.client ?? null,
      agent: event.agent ?? null,
    })
    .execute()
}

/** What the operator did that belongs to no single signup: exports, erasures, lifted suppressions. */
export async function recordAct(
  db: Db,
  act: { type: string; at: Date; detail?: Readonly<Record<string, unknown>> },
): Promise<void> {
  const detail = act.detail === undefined ? null : JSON.stringify(act.detail)
  await db.insertInto('acts').values({ at: act.at, type: act.type, detail }).execute()
}
