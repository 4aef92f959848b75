// Letters that the relay took, recorded in groups: those that come while one group is written form the next. What
// cannot be written because the database is away is tried again until it can.
import { type Acceptance, recordAccepted } from '../store/out-tray.ts'
import type { Service } from './service.ts'

const tryAgainMs = 1_000
const mostInGroup = 500

export type Acceptances = {
  add(acceptance: Acceptance & { readonly createdAt: Date }): void
  size(): number
  /** Resolves when all is written, however long the database is away. */
  settled(): Promise<void>
  /** One more try, and no other: what is not written then is sent again after the next start. */
  close(): Promise<void>
}

type Deps = Pick<Service, 'db' | 'rules' | 'metrics' | 'log'>

export function openAcceptances(deps: Deps, recorded: (letterId: string) => void): Acceptances {
  let queue: Acceptance[] = []
  let inHand = 0
  let writing: Promise<void> | null = null
  let again: { readonly timer: NodeJS.Timeout; readonly begun: Promise<void> } | null = null
  let isClosed = false

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
        if (!isClosed) again = later()
        return
      } finally {
        inHand = 0
      }
    }
  }

  function later() {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      again = null
      start()
      resolve()
    }, tryAgainMs)
    return { timer, begun: promise }
  }

  function start(): void {
    if (again !== null) return
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
    async settled() {
      while (queue.length + inHand > 0 && !isClosed) await (writing ?? again?.begun)
    },
    async close() {
      isClosed = true
      if (again !== null) clearTimeout(again.timer)
      again = null
      await writing
      start()
      await writing
    },
  }
}
