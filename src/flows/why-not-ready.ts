import { setTimeout as pause } from 'node:timers/promises'
import { isMigrated } from '../store/migrate.ts'
import type { Service } from './service.ts'

/** Whoever asks has a limit of its own, of some seconds as a rule. */
const patienceMs = 2_000

/** Null when the service can work; else what is missing, in words for an operator. */
export async function whyNotReady(
  deps: Pick<Service, 'db'>,
  waitMs: number = patienceMs,
): Promise<string | null> {
  const late = new AbortController()
  try {
    const asked = isMigrated(deps.db)
    const isDone = await Promise.race([asked, pause(waitMs, null, { signal: late.signal })])
    if (isDone === null) return `the database has not answered within ${waitMs / 1000} seconds`
    return isDone ? null : 'the database misses migrations of this release: run "npm run ayes -- migrate"'
  } catch {
    return 'the database cannot be reached'
  } finally {
    late.abort()
  }
}
