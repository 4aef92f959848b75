// How the newest letters ended, as waves are found in them: the refusals with their ranks, so that the letters accepted
// between two of them need not be listed.
import { type Aftermath, lookedAt, type Traffic } from './wave.ts'

export type WaveKind = 'domain' | 'provider' | 'reputation'

export type Refusal = {
  readonly domain: string
  /** Null where it is not known. */
  readonly provider: string | null
  readonly at: Date
  readonly client: string
  readonly isPolicy: boolean
  /** Letters from the newest down to this one, itself included: of all domains, and of this one. */
  readonly overall: number
  readonly here: number
}

export type Outcomes = {
  readonly now: Date
  /** newest first */
  readonly refusals: readonly Refusal[]
  /** how many letters were looked at */
  readonly tried: number
  readonly triedAt: ReadonlyMap<string, number>
  /** what came before those, at domains where it is known */
  readonly earlier: ReadonlyMap<string, Traffic>
}

export type KnownWave = {
  readonly kind: WaveKind
  readonly subject: string
  readonly domains: readonly string[]
  readonly beganAt: Date
  readonly endedAt: Date | null
}

export function belongs(refusal: Refusal, wave: KnownWave): boolean {
  if (refusal.at < wave.beganAt || (wave.endedAt !== null && refusal.at > wave.endedAt)) return false
  return isAbout(refusal, wave)
}

function isAbout(refusal: Refusal, { kind, subject, domains }: KnownWave): boolean {
  switch (kind) {
    case 'reputation':
      return refusal.isPolicy
    case 'provider':
      return domains.includes(refusal.domain)
    case 'domain':
      return refusal.domain === subject
  }
}

/** As if these letters had never been: those of a wave that is known already say nothing about another. */
export function without(outcomes: Outcomes, isLeftOut: (refusal: Refusal) => boolean): Outcomes {
  const gone = new Map<string, number>()
  let all = 0
  const refusals: Refusal[] = []
  for (const one of outcomes.refusals) {
    const here = gone.get(one.domain) ?? 0
    if (isLeftOut(one)) {
      gone.set(one.domain, here + 1)
      all++
    } else refusals.push({ ...one, overall: one.overall - all, here: one.here - here })
  }
  const triedAt = new Map(
    [...outcomes.triedAt].map(([domain, tried]) => [domain, tried - (gone.get(domain) ?? 0)]),
  )
  return { ...outcomes, refusals, tried: outcomes.tried - all, triedAt }
}

/** What has come of an open wave, for `isOver`. */
export function aftermathOf(
  outcomes: Outcomes,
  wave: KnownWave,
): Pick<Aftermath, 'lastRefusalAt' | 'acceptedSinceLast' | 'recent'> {
  const refusals = outcomes.refusals.filter((one) => belongs(one, wave))
  const isDomain = wave.kind === 'domain'
  const rank = (one: Refusal) => (isDomain ? one.here : one.overall)
  const tried = isDomain ? (outcomes.triedAt.get(wave.subject) ?? 0) : outcomes.tried
  const [last] = refusals
  const recent = refusals.filter((one) => rank(one) <= lookedAt)
  return {
    lastRefusalAt: last?.at ?? null,
    // letters to others prove nothing about a provider
    acceptedSinceLast: wave.kind === 'provider' ? 0 : last === undefined ? tried : rank(last) - 1,
    recent: {
      clients: new Set(recent.map((one) => one.client)).size,
      accepted: Math.min(lookedAt, tried) - recent.length,
    },
  }
}
