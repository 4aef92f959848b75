// Days and weeks of reports. Days are in UTC and written as YYYY-MM-DD; weeks begin on Monday.

export type ReportKind = 'day' | 'week'
/** Both days are part of it. */
export type Period = { readonly from: string; readonly to: string }

const dayMs = 24 * 60 * 60 * 1000
/** Reports of a day are written some hours after it: what was underway at midnight is in by then. */
const writtenAtHour = 5

export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}

export function addDays(day: string, days: number): string {
  return dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs))
}

export function daysIn({ from, to }: Period): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1
}

/** As long as this one, and just before it. */
export function periodBefore(period: Period): Period {
  return { from: addDays(period.from, -daysIn(period)), to: addDays(period.from, -1) }
}

/** The Monday of the day's week. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return addDays(day, -((weekday + 6) % 7))
}

/** The last day and the last week that are over and settled: those that a report is due for. */
export function periodsDue(now: Date): { readonly kind: ReportKind; readonly period: Period }[] {
  const today = dayOf(new Date(now.getTime() - writtenAtHour * 60 * 60 * 1000))
  const yesterday = addDays(today, -1)
  const sunday = addDays(mondayOf(today), -1)
  return [
    { kind: 'day', period: { from: yesterday, to: yesterday } },
    { kind: 'week', period: { from: addDays(sunday, -6), to: sunday } },
  ]
}

/** The period cut into its days, or into weeks from Monday on; newest first. */
export function partsOf(period: Period, kind: ReportKind): Period[] {
  const parts: Period[] = []
  for (let from = period.from; from <= period.to; ) {
    const end = kind === 'day' ? from : addDays(mondayOf(from), 6)
    const to = end < period.to ? end : period.to
    parts.push({ from, to })
    from = addDays(to, 1)
  }
  return parts.reverse()
}

/** Dates beyond are no days of letters, and their names would not sort. */
export function isDayOfLetters(day: string): boolean {
  return day >= '2000-01-01' && day <= '2999-12-31'
}
