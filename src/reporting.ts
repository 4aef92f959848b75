// The bounce rate and the reports, put together: what is watched in every process, and what the senders do.
import type { Config } from './config.ts'
import type { Job } from './doors/clock.ts'
import { sendReports } from './flows/send-reports.ts'
import type { Service } from './flows/service.ts'
import { watchBounceRate } from './flows/watch-bounce-rate.ts'
import type { Mailer } from './mail/mailer.ts'

export function reportingJobs(config: Config, service: Service, mailer: Mailer): Job[] {
  const { roles, reporting } = config
  const jobs: Job[] = [{ name: 'bounce-rate', everyMs: 10_000, run: () => watchBounceRate(service) }]
  const { to } = reporting
  if (to !== null && roles.includes('send')) {
    jobs.push({ name: 'reports', everyMs: 30_000, run: () => sendReports({ ...service, mailer, to }) })
  }
  return jobs
}
