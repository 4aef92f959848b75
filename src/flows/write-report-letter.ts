// The report as a letter to the operator, in the language of the list `default`. Domains and sources are what visitors
// typed: they are shortened, and no mail program can make a link of them.
import { shownWords } from '../core/report/visitor-words.ts'
import type { OutgoingLetter } from '../mail/mailer.ts'
import type { ReportLetter } from '../store/report-letters.ts'
import type { ReportLetterModel } from '../templates.ts'
import type { BounceReport, Standing } from './read-report.ts'
import type { Service } from './service.ts'

type Deps = Pick<Service, 'templates' | 'links' | 'lists' | 'rules'> & { readonly to: string }

/**
 * Its names are no tokens of letters to visitors, so no bounce of it is ever taken for a signup's; and it comes back to
 * the address of MAIL_FROM, where people read, not to a door for bounces.
 */
export async function writeReportLetter(
  deps: Deps,
  letter: Pick<ReportLetter, 'id' | 'kind'>,
  report: BounceReport,
): Promise<OutgoingLetter> {
  const { from } = deps.rules
  const token = `report-${letter.id}`
  const list = await deps.lists.find('default')
  const words = deps.templates.letter('report', list?.locale ?? 'en', modelOf(deps, letter.kind, report))
  return {
    id: letter.id,
    token,
    from,
    replyTo: null,
    to: deps.to,
    envelopeFrom: from.address,
    messageId: `${token}@${from.address.slice(from.address.lastIndexOf('@') + 1)}`,
    ...words,
    headers: {},
  }
}

function modelOf(
  deps: Pick<Deps, 'links'>,
  kind: ReportLetter['kind'],
  report: BounceReport,
): ReportLetterModel {
  const { now, period, before } = report
  const { host } = new URL(deps.links.home())
  return {
    list: { name: `Ayes, ${host}`, organisation: null, consent: null, privacyUrl: null },
    kind,
    from: period.from,
    to: period.to,
    alarm: now.exceeded
      ? { rate: now.rate ?? 0, limit: now.limit ?? 0, letters: now.letters, hard: now.hard }
      : null,
    letters: { now: period.letters, before: before.letters },
    refused: { now: period.refused, before: before.refused },
    hard: { now: period.hard, before: before.hard },
    rate: { now: period.rate, before: before.rate },
    categories: Object.entries(period.bounces)
      .map(([category, n]) => ({ category, now: n, before: before.bounces[category] ?? 0 }))
      .filter((row) => row.now > 0 || row.before > 0),
    domains: report.domains.map(shown),
    sources: report.sources.map(shown),
    lists: report.lists.map(shown),
    changes: report.changes.map(({ what, direction, now, before }) => ({ what, direction, now, before })),
    waves: report.waves.map(({ kind, subject, since }) => ({
      kind,
      subject: shownWords(subject),
      since: since.toISOString(),
    })),
  }
}

function shown({ key, hard, letters, rate, rateOfOthers, isNew }: Standing) {
  return { key: shownWords(key), hard, letters: Math.max(letters, hard), rate, rateOfOthers, isNew }
}
