// Which suggestions were shown lately, so that a signup for one counts as taken. In memory only: nobody who merely
// typed an address is stored anywhere.
const keptMs = 30 * 60 * 1000
const mostKept = 10_000

export type Suggested = {
  shown(clientKey: string | null, email: string): void
  /** True once for each suggestion that this client was shown within the last half hour. */
  taken(clientKey: string | null, email: string): boolean
}

export function openSuggested(now: () => number = () => performance.now()): Suggested {
  const shownAt = new Map<string, number>()
  const key = (clientKey: string | null, email: string) => `${clientKey ?? ''}\0${email.toLowerCase()}`
  return {
    shown(clientKey, email) {
      for (const [oldest, at] of shownAt) {
        if (shownAt.size < mostKept && now() - at < keptMs) break
        shownAt.delete(oldest)
      }
      shownAt.set(key(clientKey, email), now())
    },
    taken(clientKey, email) {
      const at = shownAt.get(key(clientKey, email))
      shownAt.delete(key(clientKey, email))
      return at !== undefined && now() - at < keptMs
    },
  }
}
