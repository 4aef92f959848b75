import { type SignupStatus, statusAt } from '../core/signup-states.ts'
import { recordEvent } from '../store/events.ts'
import { expireSignups as expire } from '../store/expire-signups.ts'
import type { Trx } from '../store/open-database.ts'
import { endSignup, type SignupRow } from '../store/signups.ts'
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

/** A locked signup whose time is up ends now, if no clock has marked it yet; the state that it has then. */
export async function expireIfLate(trx: Trx, signup: SignupRow, at: Date): Promise<SignupStatus> {
  const status = statusAt(signup.status, signup.expires_at, at)
  if (status === 'expired' && signup.status === 'pending') {
    await endSignup(trx, signup.id, { status, reason: null, at })
    await recordEvent(trx, { signupId: signup.id, type: 'expired', at })
  }
  return status
}
