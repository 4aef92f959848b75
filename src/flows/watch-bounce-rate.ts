// The bounce rate of the last 24 hours: read for whoever looks, and watched by the clock, which raises the alarm.
import { judgeRate, type RateNow } from '../core/report/bounce-rate.ts'
import { deleteRecent, readBounceAlarm, sumRecent, turnBounceAlarm } from '../store/recent-counts.ts'
import type { Rules, Service } from './service.ts'

const dayMs = 24 * 60 * 60 * 1000

export type BounceRateNow = RateNow & {
  /** when the alarm began; null while all is well */
  readonly since: Date | null
}

type Deps = Pick<Service, 'db' | 'now'> & { readonly rules: Pick<Rules, 'bounceRateLimit'> }

/** `since` is null for the moment between the limit's being exceeded and the clock's next look. */
export async function readBounceRate(deps: Deps): Promise<BounceRateNow> {
  const rate = await rateNow(deps)
  return { ...rate, since: rate.exceeded ? await readBounceAlarm(deps.db) : null }
}

/** Every process has its gauges; the one that finds the alarm otherwise than it should be says so in the log. */
export async function watchBounceRate(
  deps: Deps & Pick<Service, 'log' | 'metrics'>,
): Promise<'begun' | 'ended' | 'as-before'> {
  const { db, log, metrics } = deps
  const { letters, refused, hard, rate, limit, exceeded } = await rateNow(deps)
  metrics.bounceRate(rate, exceeded)
  await deleteRecent(db, new Date(deps.now().getTime() - 2 * dayMs))
  if (!(await turnBounceAlarm(db, exceeded ? deps.now() : null))) return 'as-before'
  const numbers = { rate: rate === null ? null : Number(rate.toFixed(4)), limit, letters, refused, hard }
  if (exceeded) log.error('bounce-rate-exceeded', numbers)
  else log.info('bounce-rate-back', numbers)
  return exceeded ? 'begun' : 'ended'
}

async function rateNow({ db, now, rules }: Deps): Promise<RateNow> {
  const counts = await sumRecent(db, new Date(now().getTime() - dayMs))
  const n = (metric: string) => counts.get(metric) ?? 0
  return judgeRate({ letters: n('letters'), refused: n('refused'), hard: n('hard') }, rules.bounceRateLimit)
}
