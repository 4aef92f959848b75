// Whoever follows a letter is told when it changes: looked at again when somebody says that it changed, and every few
// seconds in case nobody did. However many follow, they are looked at together, by one statement at a time.
import type { Handle } from '../core/handles.ts'
import { changesIn, type LetterStatus, letterStatuses } from './follow-letter.ts'
import type { Service } from './service.ts'

const usualPollMs = 5_000
/** Enough that thousands cost a few statements, and few enough that their rows are read in some milliseconds. */
const mostAtATime = 500

export type LetterWatch = {
  /**
   * Tells the state as it is, and again whenever it has changed, until the returned function is called. Rejects where
   * the first look fails.
   */
  follow(handle: Handle, tell: (status: LetterStatus) => void): Promise<() => void>
  close(): void
}

type Deps = Pick<Service, 'db' | 'ring' | 'addressKey' | 'rules' | 'now' | 'lists' | 'suggesters' | 'notices'>
type Follower = {
  readonly handle: Handle
  readonly tell: (status: LetterStatus) => void
  last: LetterStatus | null
  /** Until the first look is over. */
  begun: { resolve: () => void; reject: (error: unknown) => void } | null
}

export function openLetterWatch(deps: Deps, pollEveryMs = usualPollMs): LetterWatch {
  const followers = new Set<Follower>()
  const byLetter = new Map<string, Follower[]>()
  const due = new Set<Follower>()
  let isLooking = false

  function lookAt(some: Iterable<Follower>): void {
    for (const follower of some) due.add(follower)
    if (isLooking || due.size === 0) return
    isLooking = true
    // what else happens in this moment is looked at together with it
    setImmediate(() => void lookAtAllDue())
  }

  async function lookAtAllDue(): Promise<void> {
    while (due.size > 0) {
      const group = [...due.values().take(mostAtATime)]
      for (const follower of group) due.delete(follower)
      try {
        const statuses = await letterStatuses(
          deps,
          group.map(({ handle }) => handle),
        )
        for (const [index, follower] of group.entries()) hear(follower, statuses[index])
      } catch (error) {
        // Who has heard something already is not concerned when the database is away: the next poll looks again.
        for (const follower of [...group, ...due]) follower.begun?.reject(error)
        due.clear()
      }
    }
    isLooking = false
  }

  function hear(follower: Follower, status: LetterStatus | undefined): void {
    if (status === undefined || !followers.has(follower)) return
    const { last, begun } = follower
    follower.last = status
    follower.begun = null
    if (last === null || !isSame(last, status)) follower.tell(status)
    begun?.resolve()
  }

  function add(follower: Follower): () => void {
    const { handle } = follower
    const wait = changesIn(deps, handle)
    const timer = wait === null ? null : setTimeout(() => lookAt([follower]), wait).unref()
    const letterId = handle.kind === 'letter' ? handle.letterId : null
    followers.add(follower)
    if (letterId !== null) byLetter.set(letterId, [...(byLetter.get(letterId) ?? []), follower])
    return function stop() {
      followers.delete(follower)
      due.delete(follower)
      if (timer !== null) clearTimeout(timer)
      if (letterId === null) return
      const others = (byLetter.get(letterId) ?? []).filter((other) => other !== follower)
      if (others.length > 0) byLetter.set(letterId, others)
      else byLetter.delete(letterId)
    }
  }

  const stopListening = deps.notices.listen('ayes_letter', (payload) => {
    const id = payload.split(' ')[0] ?? ''
    lookAt(id === '' ? followers : (byLetter.get(id) ?? []))
  })
  const poll = setInterval(() => lookAt(followers), pollEveryMs)
  poll.unref()
  return {
    async follow(handle, tell) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const follower: Follower = { handle, tell, last: null, begun: { resolve, reject } }
      const stop = add(follower)
      lookAt([follower])
      try {
        await promise
      } catch (error) {
        stop()
        throw error
      }
      return stop
    },
    close() {
      stopListening()
      clearInterval(poll)
      followers.clear()
      byLetter.clear()
    },
  }
}

function isSame(one: LetterStatus, other: LetterStatus): boolean {
  return one.letter === other.letter && one.reason === other.reason && one.at.getTime() === other.at.getTime()
}
