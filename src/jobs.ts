// What runs by the clock in this process.
import type { Config } from './config.ts'
import { type Clock, type Job, startClock } from './doors/clock.ts'
import { expireSignups } from './flows/expire-signups.ts'
import { newPurgePlaces, purge, purgeEvery } from './flows/purge.ts'
import type { OutTray } from './flows/send-due-letters.ts'
import type { Service } from './flows/service.ts'
import { openClockWatch } from './flows/watch-clock.ts'
import { watchDueLetters } from './flows/watch-due-letters.ts'

type Parts = { readonly outTray: OutTray | null; readonly jobs: readonly Job[] }

export function startJobs(config: Config, service: Service, { outTray, jobs: more }: Parts): Clock {
  const places = newPurgePlaces()
  const jobs: Job[] = [{ name: 'tally', everyMs: 1_000, run: () => service.tally.flush() }, ...more]
  jobs.push({ name: 'signup-burst', everyMs: 1_000, run: async () => service.admission.look() })
  jobs.push({ name: 'proven-domains', everyMs: 60_000, run: () => service.suggesters.proven.refresh() })
  jobs.push({ name: 'clock', everyMs: 60_000, run: openClockWatch(service) })
  if (outTray !== null) {
    service.notices.listen('ayes_due', () => outTray.nudge())
    jobs.push({ name: 'out-tray', everyMs: 2_000, run: async () => outTray.nudge() })
    jobs.push({ name: 'letters-due', everyMs: 10_000, run: () => watchDueLetters(service) })
  }
  if (config.roles.includes('purge')) {
    jobs.push({ name: 'expire', everyMs: 10_000, run: async () => void (await expireSignups(service)) })
    const everyMs = purgeEvery(service.rules) * 1000
    jobs.push({ name: 'purge', everyMs, run: async () => void (await purge(service, places)) })
  }
  return startClock(jobs, (job, error) => service.log.error('job-failed', { job, error }))
}
