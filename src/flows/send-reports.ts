// Reports to the operator by mail: one for each day and each week that is over, and one when the bounce rate passes its
// limit. A report's row is made once and claimed by one process; what the relay puts off is tried again.
import { randomUUID } from 'node:crypto'
import { addDays, dayOf, type Period, periodsDue } from '../core/report/period.ts'
import { giveUpAfterSeconds, pauseAfter } from '../core/retry.ts'
import type { Mailer, SendResult } from '../mail/mailer.ts'
import { readBounceAlarm } from '../store/recent-counts.ts'
import {
  claimReport,
  queueReport,
  type ReportLetter,
  type ReportResult,
  recordReportResult,
} from '../store/report-letters.ts'
import { type BounceReport, type ReportDeps, readReport } from './read-report.ts'
import type { Service } from './service.ts'
import { untilRecorded } from './until-recorded.ts'
import { writeReportLetter } from './write-report-letter.ts'

export type SendReportsDeps = ReportDeps &
  Pick<Service, 'templates' | 'links' | 'lists' | 'log'> & {
    readonly mailer: Mailer
    /** REPORT_TO */
    readonly to: string
  }

/** Longer than any relay thinks about a letter: what a crashed process held goes out after it. */
const leaseMs = 15 * 60 * 1000
const afterTroubleMs = 60 * 1000
const dayMs = 24 * 60 * 60 * 1000
/** What could not go out for so long is no news any more. */
const staleMs = 3 * dayMs
const mostAtOnce = 10
const mostTries = 5

/** Sends what is due now, and says how many went out. */
export async function sendReports(deps: SendReportsDeps): Promise<number> {
  await queueDue(deps)
  let sent = 0
  for (let n = 0; n < mostAtOnce; n++) {
    const name = randomUUID()
    const now = deps.now()
    const letter = await claimReport(deps.db, {
      name,
      now,
      until: new Date(now.getTime() + leaseMs),
      notBefore: new Date(now.getTime() - staleMs),
    })
    if (letter === null) break
    const result = await sendOne(deps, letter)
    // what the relay took would go out again if the database were away just now
    await untilRecorded(
      () => recordReportResult(deps.db, { id: letter.id, name }, result),
      (tries) => tries < mostTries,
    )
    if (result.state === 'sent') sent++
  }
  return sent
}

async function queueDue({ db, now }: SendReportsDeps): Promise<void> {
  const at = now()
  const queue = (kind: ReportLetter['kind'], firstDay: string) =>
    queueReport(db, { kind, firstDay, id: randomUUID(), at })
  for (const { kind, period } of periodsDue(at)) await queue(kind, period.from)
  const alarmSince = await readBounceAlarm(db)
  if (alarmSince !== null) await queue('alarm', dayOf(alarmSince))
}

async function sendOne(deps: SendReportsDeps, letter: ReportLetter): Promise<ReportResult> {
  const report = await readReport(deps, {
    kind: letter.kind === 'week' ? 'week' : 'day',
    period: periodOf(letter, deps.now()),
  })
  if (!isWorthSending(letter, report)) return resultOf(deps, letter, { kind: 'nothing-to-say' })
  return resultOf(deps, letter, await deps.mailer.send(await writeReportLetter(deps, letter, report)))
}

/** An alarm is about the last 24 hours, which are parts of two days. */
function periodOf(letter: ReportLetter, now: Date): Period {
  if (letter.kind === 'alarm') return { from: addDays(dayOf(now), -1), to: dayOf(now) }
  return { from: letter.firstDay, to: letter.kind === 'day' ? letter.firstDay : addDays(letter.firstDay, 6) }
}

/** A week in which nothing came is news after one in which something did; a day like that is not. */
function isWorthSending({ kind }: ReportLetter, { now, period, before }: BounceReport): boolean {
  if (kind === 'alarm') return now.exceeded
  const isEmpty = ({ letters, bounces }: BounceReport['period']) =>
    letters === 0 && Object.values(bounces).every((n) => n === 0)
  return !isEmpty(period) || (kind === 'week' && !isEmpty(before))
}

function resultOf(
  deps: SendReportsDeps,
  letter: ReportLetter,
  result: SendResult | { readonly kind: 'nothing-to-say' },
): ReportResult {
  const at = deps.now()
  const later = (ms: number) => new Date(at.getTime() + ms)
  const done = { at, dueAt: at, isAttempt: true }
  const undeliverable = (reply: string): ReportResult => {
    deps.log.error('report-undeliverable', { kind: letter.kind, firstDay: letter.firstDay, reply })
    return { ...done, state: 'undeliverable', reply }
  }
  switch (result.kind) {
    case 'nothing-to-say':
      return { ...done, state: 'dropped', reply: null, isAttempt: false }
    case 'accepted':
      deps.log.info('report-sent', { kind: letter.kind, firstDay: letter.firstDay })
      return { ...done, state: 'sent', reply: result.reply }
    case 'trouble':
      deps.log.warn('report-waits', { kind: letter.kind, reply: result.reply })
      return { ...done, state: 'queued', reply: result.reply, dueAt: later(afterTroubleMs), isAttempt: false }
    case 'deferred': {
      const dueAt = later(pauseAfter(letter.attempts + 1, Math.random()) * 1000)
      if (dueAt.getTime() - letter.createdAt.getTime() < giveUpAfterSeconds * 1000) {
        return { ...done, state: 'queued', reply: result.reply, dueAt }
      }
      return undeliverable(result.reply)
    }
    case 'refused':
      return undeliverable(result.reply)
    case 'impossible':
      return undeliverable(result.reason)
  }
}
