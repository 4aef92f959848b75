import type { BounceReport, Figures, Standing } from '../../../flows/read-report.ts'

export function reportJson(by: 'day' | 'week', report: BounceReport) {
  const { now } = report
  return {
    by,
    last_24_hours: {
      letters: now.letters,
      refused: now.refused,
      hard_bounces: now.hard,
      rate: now.rate,
      limit: now.limit,
      exceeded: now.exceeded,
      since: now.since?.toISOString() ?? null,
    },
    period: figuresJson(report.period),
    before: figuresJson(report.before),
    items: report.parts.map(figuresJson),
    standing_out: {
      domains: report.domains.map(standingJson),
      sources: report.sources.map(standingJson),
      lists: report.lists.map(standingJson),
    },
    changes: report.changes.map((change) => ({ ...change })),
    open_waves: report.waves.map(({ id, kind, subject, since }) => ({
      id,
      kind,
      subject: kind === 'reputation' ? null : subject,
      since: since.toISOString(),
    })),
  }
}

function figuresJson({ hard, ...figures }: Figures) {
  return { ...figures, hard_bounces: hard, bounces: { ...figures.bounces } }
}

function standingJson({ key, letters, hard, rate, rateOfOthers, isNew }: Standing) {
  return { key, letters, hard_bounces: hard, rate, rate_of_others: rateOfOthers, is_new: isNew }
}
