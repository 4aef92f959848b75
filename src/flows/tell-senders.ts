// Wakes the senders of all processes when signups are committed. Not within their transaction, where a notice makes
// every commit wait for the one before it; should one get lost, the senders look by themselves in a moment.
import type { Db } from '../store/open-database.ts'
import { tellLettersDue } from '../store/out-tray.ts'

const pauseMs = 20

/** What it gives tells them at once, and of all that follows within the pause together. */
export function openTellSenders(db: Db): () => void {
  let busy = false
  let again = false

  function tell(): void {
    again = busy
    if (busy) return
    busy = true
    tellLettersDue(db)
      .catch(() => {})
      .then(() => setTimeout(free, pauseMs).unref())
  }

  function free(): void {
    busy = false
    if (again) tell()
  }

  return tell
}
