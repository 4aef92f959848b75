// The report as the admin asks for it: any days, or by default today, or the seven days that end with it.
import { readDay } from '../core/export/read-moment.ts'
import { addDays, dayOf, isDayOfLetters, type ReportKind } from '../core/report/period.ts'
import { type BounceReport, isTooLong, type ReportDeps, readReport } from './read-report.ts'

export type ReportOutcome =
  | { readonly kind: 'bad-day'; readonly field: 'from' | 'to' }
  | { readonly kind: 'report'; readonly report: BounceReport }

export async function askForReport(
  deps: ReportDeps,
  asked: { by: ReportKind; from: string | null; to: string | null },
): Promise<ReportOutcome> {
  const to = asked.to ?? dayOf(deps.now())
  if (!isGood(to)) return { kind: 'bad-day', field: 'to' }
  const from = asked.from ?? (asked.by === 'day' ? to : addDays(to, -6))
  if (!isGood(from) || from > to || isTooLong({ from, to })) return { kind: 'bad-day', field: 'from' }
  return { kind: 'report', report: await readReport(deps, { kind: asked.by, period: { from, to } }) }
}

function isGood(day: string): boolean {
  return readDay(day) !== null && isDayOfLetters(day)
}
