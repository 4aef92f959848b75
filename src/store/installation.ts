import type { Db } from './open-database.ts'

/** What belongs to this database alone: the key of its address hashes, and the epoch of its transaction ids. */
export async function readInstallation(db: Db): Promise<{ addressKey: Buffer; epoch: string }> {
  const row = await db.selectFrom('installation').select(['address_key', 'epoch']).executeTakeFirstOrThrow()
  return { addressKey: row.address_key, epoch: row.epoch }
}
