// The letters that report to the operator: one row for each, which is the queue entry, as with letters to visitors.
import { sql } from 'kysely'
import type { Db } from './open-database.ts'

export type ReportLetterKind = 'alarm' | 'day' | 'week'

export type ReportLetter = {
  readonly kind: ReportLetterKind
  readonly firstDay: string
  readonly id: string
  readonly attempts: number
  readonly createdAt: Date
}

/** One that is there already stays as it is. */
export async function queueReport(
  db: Db,
  report: { kind: ReportLetterKind; firstDay: string; id: string; at: Date },
): Promise<void> {
  const { kind, firstDay, id, at } = report
  await db
    .insertInto('report_letters')
    .values({ kind, first_day: firstDay, id, due_at: at, created_at: at })
    .onConflict((conflict) => {
      const same = conflict.columns(['kind', 'first_day'])
      // an alarm that was over before its letter went out, and is raised again on the same day
      return kind === 'alarm'
        ? same
            .doUpdateSet({ state: 'queued', due_at: at, created_at: at, attempts: 0 })
            .where('report_letters.state', '=', 'dropped')
        : same.doNothing()
    })
    .execute()
}

/** The next that is due, until `until`; another process skips it. What is older than `notBefore` is no news. */
export async function claimReport(
  db: Db,
  claim: { name: string; now: Date; until: Date; notBefore: Date },
): Promise<ReportLetter | null> {
  const { rows } = await sql<ReportLetter>`
    update report_letters set claim = ${claim.name}, due_at = ${claim.until}
    where id = (
      select id from report_letters
      where state = 'queued' and due_at <= ${claim.now} and created_at > ${claim.notBefore}
      order by due_at limit 1 for update skip locked)
    returning kind, first_day as "firstDay", id, attempts, created_at as "createdAt"`.execute(db)
  return rows[0] ?? null
}

/** `queued`: it is tried again at `dueAt`. The relay's own trouble is no attempt. */
export type ReportResult = {
  readonly state: 'sent' | 'undeliverable' | 'dropped' | 'queued'
  readonly reply: string | null
  readonly at: Date
  readonly dueAt: Date
  readonly isAttempt: boolean
}

export async function recordReportResult(
  db: Db,
  claimed: { id: string; name: string },
  result: ReportResult,
): Promise<void> {
  await sql`
    update report_letters set claim = null, state = ${result.state}, due_at = ${result.dueAt}, reply = ${result.reply},
      sent_at = ${result.state === 'sent' ? result.at : null}::timestamptz,
      attempts = attempts + ${result.isAttempt ? 1 : 0}::int
    where id = ${claimed.id} and claim = ${claimed.name} and state = 'queued'`.execute(db)
}
