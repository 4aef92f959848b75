// Whether the relay can be used, as the sender sees it: pauses that grow while it is in trouble, one alarm when that
// begins and a word when it is over. What other processes read is written in the order in which it was seen.
import { relayPauseAfter } from '../core/retry.ts'
import { recordRelayRecovered, recordRelayTrouble } from '../store/relay.ts'
import type { Service } from './service.ts'

export type RelayWatch = {
  /** Nothing is sent before the pause is over. */
  isPaused(): boolean
  /** The pause is over or there was none, and nothing has gone well since the trouble. */
  isDoubtful(): boolean
  /** Calls `resume` when the pause is over. */
  trouble(reply: string): void
  fine(): void
  settled(): Promise<void>
}

type Deps = Pick<Service, 'db' | 'log' | 'metrics' | 'now'>

export function openRelayWatch({ db, log, metrics, now }: Deps, resume: () => void): RelayWatch {
  let troubles = 0
  let resumeAt = 0
  /** False at first: the process before this one may have ended in the middle of trouble. */
  let isKnownFine = false
  let writing: Promise<void> = Promise.resolve()

  function write(record: () => Promise<void>): void {
    writing = writing.then(record).catch((error: unknown) => log.warn('relay-state-not-recorded', { error }))
  }

  return {
    isPaused: () => performance.now() < resumeAt,
    isDoubtful: () => troubles > 0,
    trouble(reply) {
      metrics.letter('trouble', null)
      // Connections that fail together are one trouble.
      if (performance.now() < resumeAt) return
      isKnownFine = false
      troubles++
      const pause = relayPauseAfter(troubles) * 1_000
      resumeAt = performance.now() + pause
      setTimeout(resume, pause + 10).unref()
      if (troubles === 1) {
        log.error('relay-trouble', { reply })
        metrics.relayTrouble(true)
      }
      const at = now()
      write(() => recordRelayTrouble(db, at, reply))
    },
    fine() {
      if (isKnownFine) return
      if (troubles > 0) log.info('relay-recovered')
      isKnownFine = true
      troubles = 0
      resumeAt = 0
      metrics.relayTrouble(false)
      const at = now()
      write(() => recordRelayRecovered(db, at))
    },
    settled: () => writing,
  }
}
