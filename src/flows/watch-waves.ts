// Waves of refusals, found by the clock and never in the way of a signup or a letter: raised, widened, ended. What
// counts as one is in core/bounce; here the numbers are fetched, and whoever must know is told.
import { randomUUIDv7 } from 'node:crypto'
import {
  type Begun,
  findDomain,
  findProvider,
  findReputation,
  refusingDomains,
} from '../core/bounce/find-waves.ts'
import { aftermathOf, belongs, type KnownWave, type Outcomes, without } from '../core/bounce/outcomes.ts'
import { domainThresholds, isOver, usualShare } from '../core/bounce/wave.ts'
import type { Alone } from '../store/alone.ts'
import { countHeld } from '../store/held-letters.ts'
import { newestRefusal } from '../store/outcomes.ts'
import { findLetter } from '../store/signups.ts'
import { addDomains, beginWave, deleteWaves, readOpenWaves, readWaves, type WaveRow } from '../store/waves.ts'
import { closeWave } from './end-wave.ts'
import { readOutcomes } from './read-outcomes.ts'
import type { ReceivingProviders } from './receiving-providers.ts'
import type { Service } from './service.ts'

export type WaveWatchDeps = Pick<Service, 'db' | 'log' | 'now'> & {
  readonly providers: ReceivingProviders
  readonly alone: Alone
  /** BOUNCE_GUARD=pause */
  readonly pauses: boolean
}

export type WaveWatch = {
  /** The once form. Nothing is looked through while nothing has happened. */
  look(): Promise<void>
}

const dayMs = 24 * 60 * 60 * 1000
const lookAgainMs = 30_000
/** Refusals are looked at for two weeks; those of a wave are told from others as long. */
const rememberedMs = 15 * dayMs
const keptMs = 90 * dayMs
/** A report about a trial letter has come by then, where there is one. */
const trialSettlesMs = 3 * 60_000

export function openWaveWatch(deps: WaveWatchDeps): WaveWatch {
  let seen: string | null = null
  let seenAt = 0
  return {
    async look() {
      const newest = await newestRefusal(deps.db)
      const at = deps.now().getTime()
      if (newest === null) return
      if (newest === seen && Math.abs(at - seenAt) < lookAgainMs) return
      if (newest === seen && (await readOpenWaves(deps.db)).length === 0) return
      const outcome = await deps.alone('waves', () => lookThrough(deps))
      if (outcome.kind === 'done') [seen, seenAt] = [newest, at]
    },
  }
}

async function lookThrough(deps: WaveWatchDeps): Promise<void> {
  const { db, now } = deps
  const outcomes = await readOutcomes(deps)
  const rows = await readWaves(db, new Date(now().getTime() - rememberedMs))
  const open = rows.filter((wave) => wave.state === 'open')
  const ended = rows.filter((wave) => wave.state !== 'open').map(known)
  const fresh = without(outcomes, (one) => ended.some((wave) => belongs(one, wave)))
  const widened = await Promise.all(open.map((wave) => widen(deps, fresh, wave)))
  await raise(deps, fresh, widened.map(known))
  for (const wave of widened) {
    const why = await whyOver(deps, fresh, wave)
    if (why !== null) await closeWave(deps, wave, why)
  }
  await deleteWaves(db, new Date(now().getTime() - keptMs))
}

function known(wave: WaveRow): KnownWave {
  const { kind, subject, domains, began_at: beganAt, ended_at: endedAt } = wave
  return { kind, subject, domains, beganAt, endedAt }
}

/** The widest first: what it explains is no wave of its own. */
async function raise(deps: WaveWatchDeps, fresh: Outcomes, open: readonly KnownWave[]): Promise<void> {
  const waves = [...open]
  const left = (kinds: readonly string[]) =>
    without(fresh, (one) => waves.some((wave) => kinds.includes(wave.kind) && belongs(one, wave)))
  const isOpen = (kind: string, subject: string) =>
    waves.some((wave) => wave.kind === kind && wave.subject === subject)

  async function add(begun: Begun | null): Promise<void> {
    if (begun === null) return
    waves.push({ ...begun, endedAt: null })
    await begin(deps, begun)
  }

  if (!isOpen('reputation', '')) await add(findReputation(fresh))
  const others = left(['reputation'])
  for (const provider of suspects(others, (one) => one.provider)) {
    if (!isOpen('provider', provider)) await add(findProvider(others, provider))
  }
  const rest = left(['reputation', 'provider'])
  for (const domain of suspects(rest, (one) => one.domain)) {
    if (!isOpen('domain', domain)) await add(findDomain(rest, domain))
  }
}

/** Those that refused enough clients in the last day to be looked at. */
function suspects(
  { now, refusals }: Outcomes,
  key: (refusal: Outcomes['refusals'][number]) => string | null,
): string[] {
  const clients = new Map<string, Set<string>>()
  for (const one of refusals) {
    const name = key(one)
    if (name === null || now.getTime() - one.at.getTime() > dayMs) continue
    const some = clients.get(name) ?? new Set()
    clients.set(name, some.add(one.client))
  }
  return [...clients].filter(([, some]) => some.size >= domainThresholds.leastClients).map(([name]) => name)
}

async function begin(deps: WaveWatchDeps, begun: Begun): Promise<void> {
  const { clients, accepted, before } = begun.numbers
  const numbers = { clients, accepted, before: { ...before }, usual: usualShare(before) }
  const id = randomUUIDv7()
  const isFirst = await beginWave(deps.db, {
    id,
    kind: begun.kind,
    subject: begun.subject,
    domains: [...begun.domains],
    began_at: begun.beganAt,
    noticed_at: deps.now(),
    numbers,
  })
  if (!isFirst) return
  deps.log.error('wave-begun', {
    wave: id,
    kind: begun.kind,
    subject: begun.subject,
    refused: clients,
    accepted,
    refused_before: before.refused,
    accepted_before: before.accepted,
    held: deps.pauses,
  })
}

/** Further domains of a provider that refuse most of what comes. */
async function widen(deps: WaveWatchDeps, fresh: Outcomes, wave: WaveRow): Promise<WaveRow> {
  if (wave.kind !== 'provider') return wave
  const more = [...refusingDomains(fresh, wave.subject)].filter((domain) => !wave.domains.includes(domain))
  if (more.length === 0) return wave
  await addDomains(deps.db, wave.id, more)
  return { ...wave, domains: [...wave.domains, ...more] }
}

async function whyOver(
  deps: WaveWatchDeps,
  fresh: Outcomes,
  wave: WaveRow,
): Promise<'fell-back' | 'trial' | null> {
  const now = deps.now()
  const held = deps.pauses ? ((await countHeld(deps.db, [wave.id])).get(wave.id) ?? 0) : 0
  if (held > 0 && wave.kind !== 'reputation') {
    // nothing is refused since nothing is sent: only a letter that gets through tells
    const trial = wave.trial_letter === null ? null : await findLetter(deps.db, wave.trial_letter)
    const sentAt = trial?.state === 'sent' ? trial.sent_at : null
    return sentAt !== null && now.getTime() - sentAt.getTime() >= trialSettlesMs ? 'trial' : null
  }
  const { usual } = wave.numbers
  const aftermath = { ...aftermathOf(fresh, known(wave)), now, noticedAt: wave.noticed_at, usual }
  return isOver(aftermath) ? 'fell-back' : null
}
