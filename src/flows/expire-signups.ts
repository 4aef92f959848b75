import { expireSignups as expire } from '../store/expire-signups.ts'
import type { Service } from './service.ts'

const atOnce = 1_000

/** Pending signups whose link has run out become expired; how many. */
export async function expireSignups(deps: Pick<Service, 'db' | 'now'>): Promise<number> {
  let all = 0
  for (;;) {
    const some = await expire(deps.db, deps.now(), atOnce)
    all += some
    if (some < atOnce) return all
  }
}
