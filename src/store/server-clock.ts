import { sql } from 'kysely'
import type { Db } from './open-database.ts'

/** What time it is where the database runs. */
export async function readServerClock(db: Db): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('the database did not tell the time')
  return row.at
}
