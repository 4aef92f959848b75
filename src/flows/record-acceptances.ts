// Letters that the relay took, recorded in groups: those that come while one group is written form the next. What
// cannot be written because the database is away is tried again until it can.
import { type Acceptance, recordAccepted } from '../store/out-tray.ts'
import type { Service } from './service.ts'

const tryAgainMs = 1_000
const mostInGroup = 500

export type Acceptances = {
  add(acceptance: Acceptance & { readonly createdAt: Date }): void
  size(): number
  /** Resolves when the group under way is written, or could not be. */
  settled(): Promise<void>
}

type Deps = Pick<Service, 'db' | 'rules' | 'metrics' | 'log'>

export function openAcceptances(deps: Deps, recorded: (letterId: string) => void): Acceptances {
  let queue: Acceptance[] = []
  let inHand = 0
  let writing: Promise<void> | null = null

  async function write(): Promise<void> {
    while (queue.length > 0) {
      const group = queue.slice(0, mostInGroup)
      queue = queue.slice(mostInGroup)
      inHand = group.length
      try {
        await recordAccepted(deps.db, group, deps.rules.confirmWithin)
        for (const one of group) recorded(one.letterId)
      } catch (error) {
        queue = [...group, ...queue]
        deps.log.warn('acceptances-not-recorded', { letters: group.length, error })
        setTimeout(start, tryAgainMs).unref()
        return
      } finally {
        inHand = 0
      }
    }
  }

  function start(): void {
    writing ??= write().finally(() => {
      writing = null
    })
  }

  return {
    add(acceptance) {
      queue.push(acceptance)
      deps.metrics.letter('accepted', null)
      deps.metrics.letterLatency((acceptance.at.getTime() - acceptance.createdAt.getTime()) / 1000)
      start()
    },
    size: () => queue.length + inHand,
    settled: () => writing ?? Promise.resolve(),
  }
}
