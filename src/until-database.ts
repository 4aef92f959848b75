// A database that starts beside us, after a power cut or in one compose file, is waited for: to end would only make
// whoever started us do it again.
import { setTimeout as pause } from 'node:timers/promises'
import { isDatabaseAway } from './store/open-database.ts'

/** It was not there in all that time; the message is for the operator. */
export class DatabaseNotThere extends Error {
  override readonly name = 'DatabaseNotThere'
}

export type Patience = {
  /** Called once, before the first wait. */
  readonly say: (words: string) => void
  /** Ends the waiting. */
  readonly signal?: AbortSignal
  readonly forMs?: number
  readonly everyMs?: number
}

/** Does the work when the database is there. Any other error than its absence is thrown at once. */
export async function untilDatabase<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const { say, signal, forMs = 60_000, everyMs = 500 } = patience
  const begun = performance.now()
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      const why = error instanceof Error ? error.message : String(error)
      if (performance.now() - begun >= forMs || signal?.aborted === true) {
        throw new DatabaseNotThere(
          `the database that DATABASE_URL names cannot be reached (${why}): start it, or mend the setting`,
          { cause: error },
        )
      }
      if (tries === 1) say(`The database that DATABASE_URL names cannot be reached (${why}): waiting for it.`)
      await pause(everyMs, undefined, signal === undefined ? {} : { signal }).catch(() => {})
    }
  }
}
