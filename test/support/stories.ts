// What the database tells about one person: each signup with its letters, events and bounces.
import { type Selectable, sql } from 'kysely'
import type { Db } from '../../src/store/open-database.ts'
import type { Schema } from '../../src/store/schema.ts'

type Row<T extends keyof Schema> = Selectable<Schema[T]>

export type Story = {
  readonly signup: Row<'signups'>
  readonly letters: readonly Row<'letters'>[]
  readonly events: readonly Row<'events'>[]
  readonly bounces: readonly Row<'bounces'>[]
  /** The events' types, in their order. */
  readonly types: readonly string[]
}

/** Oldest signup first. `email` is compared in lower case. */
export async function readStories(db: Db, email: string): Promise<Story[]> {
  const signups = await db
    .selectFrom('signups')
    .selectAll()
    .where(sql<boolean>`lower(email) = lower(${email})`)
    .orderBy('signed_up_at')
    .orderBy('id')
    .execute()
  return Promise.all(
    signups.map(async (signup) => {
      const letters = await db
        .selectFrom('letters')
        .selectAll()
        .where('signup_id', '=', signup.id)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      const events = await db
        .selectFrom('events')
        .selectAll()
        .where('signup_id', '=', signup.id)
        .orderBy('id')
        .execute()
      const bounces = await db
        .selectFrom('bounces')
        .selectAll()
        .where('signup_id', '=', signup.id)
        .orderBy('received_at')
        .execute()
      return { signup, letters, events, bounces, types: events.map(({ type }) => type) }
    }),
  )
}
