// The flows with an operator who gets reports, and a clock that goes to the hour of a weekday.
import { dayOf } from '../../src/core/report/period.ts'
import type { SendReportsDeps } from '../../src/flows/send-reports.ts'
import type { OutgoingLetter } from '../../src/mail/mailer.ts'
import { countTraffic, type Traffic } from './bounce-traffic.ts'
import { type FlowService, openFlowService } from './flow-service.ts'

export const operator = 'operator@example.org'
const hour = 3_600
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday'] as const

export type ReportFlows = FlowService & {
  readonly deps: SendReportsDeps
  /** The next such day, at this hour of UTC. */
  goTo(weekday: (typeof weekdays)[number], atHour: number): void
  /** Traffic some days ago, without moving the clock of what comes next. */
  traffic(daysAgo: number, counts: Traffic, about?: Parameters<typeof countTraffic>[2]): void
  subjects(): string[]
}

/** It is a Tuesday at noon. */
export async function openReportFlows(): Promise<ReportFlows> {
  const flows = await openFlowService()
  const mailer = {
    async send(letter: OutgoingLetter) {
      flows.letters.push(letter)
      return own.relay(letter)
    },
    close: async () => {},
  }
  const own: ReportFlows = Object.assign(flows, {
    deps: { ...flows.service, mailer, to: operator },
    goTo(weekday: (typeof weekdays)[number], atHour: number) {
      do flows.advance(24 * hour)
      while (flows.service.now().getUTCDay() !== weekdays.indexOf(weekday))
      const midnight = Date.parse(`${dayOf(flows.service.now())}T00:00:00Z`)
      flows.advance((midnight - flows.service.now().getTime()) / 1000 + atHour * hour)
    },
    traffic(daysAgo: number, counts: Traffic, about: Parameters<typeof countTraffic>[2] = {}) {
      flows.advance(-daysAgo * 24 * hour)
      countTraffic(flows.service.tally, counts, about)
      flows.advance(daysAgo * 24 * hour)
    },
    subjects: () => flows.lettersTo(operator).map((letter) => letter.subject),
  })
  own.goTo('Tuesday', 12)
  return own
}
