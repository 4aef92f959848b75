import { isMigrated } from '../store/migrate.ts'
import type { Service } from './service.ts'

/** Null when the service can work; else what is missing, in words for an operator. */
export async function whyNotReady(deps: Pick<Service, 'db'>): Promise<string | null> {
  try {
    return (await isMigrated(deps.db))
      ? null
      : 'the database misses migrations of this release: run "npm run ayes -- migrate"'
  } catch {
    return 'the database cannot be reached'
  }
}
