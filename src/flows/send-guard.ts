// BOUNCE_GUARD=pause: letters to where a wave of refusals is under way wait, but for one now and then that finds out
// whether it goes on. Which waves are open is read every few seconds, so that a letter costs no question.
import { giveTrialBack, readOpenWaves, takeTrial, type WaveRow } from '../store/waves.ts'
import { domainOf } from './domain-of.ts'
import type { Service } from './service.ts'

export type SendGuard = {
  /** Null: it may go. */
  hold(letter: { id: string; recipient: string }): Promise<{ waveId: string; until: Date } | null>
  refresh(): Promise<void>
}

type Deps = Pick<Service, 'db' | 'now' | 'metrics'> & {
  readonly pauses: boolean
}

/** One letter in five minutes tells whether a provider is back. Our reputation concerns everybody: a trickle. */
const trialEveryMs = { domain: 5 * 60_000, provider: 5 * 60_000, reputation: 10_000 }
/** A held letter comes up again by itself, should nobody let it go. */
const holdMs = { least: 5 * 60_000, most: 10 * 60_000 }

export function openSendGuard(deps: Deps): SendGuard {
  const { db, now, metrics } = deps
  let open: readonly WaveRow[] = []
  const nextTrial = new Map<string, number>()

  function isOf(wave: WaveRow, domain: string): boolean {
    return wave.kind === 'reputation' || wave.domains.includes(domain)
  }

  /** A single one of all processes gets through. */
  async function mayTry(wave: WaveRow, letterId: string): Promise<boolean> {
    const at = now()
    if (at.getTime() < (nextTrial.get(wave.id) ?? 0)) return false
    const everyMs = trialEveryMs[wave.kind]
    nextTrial.set(wave.id, at.getTime() + everyMs / 2)
    return takeTrial(db, wave.id, { letterId, now: at, everyMs })
  }

  return {
    async hold({ id, recipient }) {
      if (!deps.pauses || open.length === 0) return null
      const domain = domainOf(recipient)
      const tried: WaveRow[] = []
      for (const wave of open) {
        if (!isOf(wave, domain)) continue
        if (await mayTry(wave, id)) {
          tried.push(wave)
          continue
        }
        // held by this one, so it is no trial of the others
        for (const one of tried) {
          nextTrial.delete(one.id)
          await giveTrialBack(db, one.id, id)
        }
        const ms = holdMs.least + Math.random() * (holdMs.most - holdMs.least)
        return { waveId: wave.id, until: new Date(now().getTime() + ms) }
      }
      return null
    },
    async refresh() {
      const waves = await readOpenWaves(db)
      // what is about one domain is asked before what is about all
      open = waves.toSorted((a, b) => Number(a.kind === 'reputation') - Number(b.kind === 'reputation'))
      const ids = new Set(open.map((wave) => wave.id))
      for (const id of nextTrial.keys()) if (!ids.has(id)) nextTrial.delete(id)
      for (const kind of ['domain', 'provider', 'reputation'] as const) {
        metrics.wavesOpen(kind, open.filter((wave) => wave.kind === kind).length)
      }
    },
  }
}
