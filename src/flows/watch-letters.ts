// Streams look again when somebody says that their letter changed, and every few seconds in case nobody did.
import type { Notices } from '../store/notices.ts'

const pollEveryMs = 5_000

export type LetterWatch = {
  /** Calls `look` soon after each change of the letter until the returned function is called. */
  watch(letterId: string | null, look: () => void): () => void
  close(): void
}

export function openLetterWatch(notices: Notices): LetterWatch {
  const looking = new Map<string, Set<() => void>>()
  const everyone = new Set<() => void>()
  const stopListening = notices.listen('ayes_letter', (payload) => {
    const id = payload.split(' ')[0] ?? ''
    for (const look of id === '' ? everyone : (looking.get(id) ?? [])) look()
  })
  const poll = setInterval(() => {
    for (const look of everyone) look()
  }, pollEveryMs)
  poll.unref()
  return {
    watch(letterId, look) {
      everyone.add(look)
      const same = letterId === null ? null : (looking.get(letterId) ?? new Set())
      if (letterId !== null && same !== null) looking.set(letterId, same.add(look))
      return () => {
        everyone.delete(look)
        same?.delete(look)
        if (letterId !== null && same?.size === 0) looking.delete(letterId)
      }
    },
    close() {
      stopListening()
      clearInterval(poll)
      everyone.clear()
      looking.clear()
    },
  }
}
