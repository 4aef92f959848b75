// Which suggestions were shown lately, so that a signup for one counts as taken. In memory only: nobody who merely
// typed an address is stored anywhere.
import type { Suggestion, SuggestionReason } from '../core/suggestion.ts'

const keptMs = 30 * 60 * 1000
const mostKept = 10_000

export type Suggested = {
  shown(clientKey: string | null, suggestion: Suggestion): void
  /** Why it was shown, once for each suggestion that this client was shown within the last half hour; else null. */
  taken(clientKey: string | null, email: string): SuggestionReason | null
}

export function openSuggested(now: () => number = () => performance.now()): Suggested {
  const shownAt = new Map<string, { at: number; reason: SuggestionReason }>()
  const key = (clientKey: string | null, email: string) => `${clientKey ?? ''}\0${email.toLowerCase()}`
  return {
    shown(clientKey, { email, reason }) {
      for (const [oldest, { at }] of shownAt) {
        if (shownAt.size < mostKept && now() - at < keptMs) break
        shownAt.delete(oldest)
      }
      shownAt.set(key(clientKey, email), { at: now(), reason })
    },
    taken(clientKey, email) {
      if (shownAt.size === 0) return null
      const seen = shownAt.get(key(clientKey, email))
      shownAt.delete(key(clientKey, email))
      return seen !== undefined && now() - seen.at < keptMs ? seen.reason : null
    },
  }
}
