// The newest letters and who refused them, with the provider of each domain that did, as core/bounce wants them.
import type { Outcomes, Refusal } from '../core/bounce/outcomes.ts'
import { mostOutcomes, type OutcomeRow, readEarlier, readRefusals } from '../store/outcomes.ts'
import type { ReceivingProviders } from './receiving-providers.ts'
import type { Service } from './service.ts'

const dayMs = 24 * 60 * 60 * 1000
/** What was usual is what was so for two weeks. */
const historyMs = 14 * dayMs

type Deps = Pick<Service, 'db' | 'now'> & { readonly providers: ReceivingProviders }

export async function readOutcomes(deps: Deps): Promise<Outcomes> {
  const now = deps.now()
  const since = new Date(now.getTime() - historyMs)
  const rows = await readRefusals(deps.db, since)
  await deps.providers.lookUp(rows.map((row) => row.domain))
  const refusals = rows.map(
    (row): Refusal => ({
      domain: row.domain,
      provider: deps.providers.of(row.domain),
      at: row.at,
      client: row.client,
      isPolicy: row.category === 'policy-or-spam',
      overall: row.overall,
      here: row.here,
    }),
  )
  return {
    now,
    refusals,
    tried: rows[0]?.tried ?? 0,
    triedAt: new Map(rows.map((row) => [row.domain, row.triedHere])),
    earlier: await earlierThan(deps, rows, since),
  }
}

/** Only where there were more letters than were looked at: the days before the oldest of them. */
async function earlierThan(
  { db }: Deps,
  rows: readonly OutcomeRow[],
  since: Date,
): Promise<Outcomes['earlier']> {
  const [first] = rows
  if (first === undefined || first.tried < mostOutcomes) return new Map()
  const to = day(new Date(first.oldest.getTime() - dayMs))
  const from = day(since)
  if (to < from) return new Map()
  const domains = [...new Set(rows.map((row) => row.domain))]
  const counts = await readEarlier(db, { domains, from, to })
  return new Map(
    counts.map(({ domain, letters, bounces }) => [
      domain,
      { refused: bounces, accepted: Math.max(0, letters - bounces) },
    ]),
  )
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}
