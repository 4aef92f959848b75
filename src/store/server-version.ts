import { sql } from 'kysely'
import type { Db } from './open-database.ts'

/** As PostgreSQL says it, `18.1`, and as a number to compare, 180001. */
export async function serverVersion(db: Db): Promise<{ version: string; number: number }> {
  const { rows } = await sql<{ version: string; number: string }>`
    select current_setting('server_version') as version, current_setting('server_version_num') as number`.execute(
    db,
  )
  const [row] = rows
  return { version: row?.version ?? '', number: Number(row?.number ?? 0) }
}
