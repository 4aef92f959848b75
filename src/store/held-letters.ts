// Letters that wait because a wave of refusals is under way. One that is held is only due later, with the wave's name
// on it: should nobody let it go, it comes up again by itself, and claiming letters costs what it always did.
import { sql } from 'kysely'
import type { Db } from './open-database.ts'

/** A letter claimed under `name` is given back and waits; no attempt is counted. False where the wave is over. */
export async function holdLetter(
  db: Db,
  name: string,
  held: { letterId: string; waveId: string; until: Date },
): Promise<boolean> {
  const { rows } = await sql<{ isOpen: boolean }>`
    with wave as (
      select from waves where id = ${held.waveId} and state = 'open'
    ), letter as (
      update letters set claim = null, due_at = ${held.until}, held_by = ${held.waveId}
      where id = ${held.letterId} and claim = ${name} and state = 'queued' and exists (select from wave)
    )
    select exists (select from wave) as "isOpen"`.execute(db)
  return rows[0]?.isOpen === true
}

/**
 * What a wave held is due again, one letter after the other: as many seconds as there are letters, or `withinSeconds`.
 * A letter whose row is locked is being dealt with and comes up by itself. Its mark stays: how long it took says
 * nothing about the pace of others.
 */
export async function releaseHeld(
  db: Db,
  waveId: string,
  release: { now: Date; withinSeconds: number },
): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    with held as (
      select id from letters where held_by = ${waveId} and state = 'queued' and claim is null
      order by id for no key update skip locked
    ), turns as (
      select id, row_number() over (order by id) - 1 as turn, count(*) over () as n from held
    )
    update letters l set due_at = ${release.now}::timestamptz
      + t.turn * least(1, ${release.withinSeconds}::float8 / t.n) * interval '1 second'
    from turns t where l.id = t.id returning l.id`.execute(db)
  return rows.length
}

export async function countHeld(db: Db, waveIds: readonly string[]): Promise<Map<string, number>> {
  if (waveIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; n: number }>`
    select held_by as id, count(*)::int as n from letters
    where held_by = any(${[...waveIds]}::uuid[]) and state = 'queued' group by 1`.execute(db)
  return new Map(rows.map(({ id, n }) => [id, n]))
}
