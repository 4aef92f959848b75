import type { Config } from '../../config.ts'
import { type Finding, findingsOf } from '../../core/doctor/finding.ts'
import { readBounceRate } from '../../flows/watch-bounce-rate.ts'
import type { Db } from '../../store/open-database.ts'

const { warning } = findingsOf('database')

/** Says something only while there is something to say. */
export async function checkBounceRate(db: Db, { reporting }: Config): Promise<Finding[]> {
  const rules = { bounceRateLimit: reporting.bounceRateLimit }
  const { rate, limit, hard, letters, exceeded } = await readBounceRate({ db, rules, now: () => new Date() })
  if (!exceeded) return []
  const percent = (share: number | null) => `${Number(((share ?? 0) * 100).toFixed(1))}%`
  return [
    warning(
      'bounce-rate',
      `In the last 24 hours ${hard} letters bounced hard and ${letters} were accepted: ${percent(rate)}, above the limit of ${percent(limit)}`,
      'GET /api/bounces/report names the domains and sources that stand out',
    ),
  ]
}
