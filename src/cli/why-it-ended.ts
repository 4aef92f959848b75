// What ended a command early, for whoever typed it: expected endings in words, anything else with where it happened.
import { isDatabaseAway } from '../store/open-database.ts'
import { OwnPostgresRefusal } from '../store/own-postgres.ts'

export type Ending = { readonly words: readonly string[]; readonly status: number }

export function whyItEnded(error: unknown, signal: AbortSignal): Ending {
  if (signal.aborted) return { words: ['Broken off.'], status: 1 }
  if (error instanceof OwnPostgresRefusal) return { words: [error.message], status: error.exitCode }
  if (isDatabaseAway(error))
    return { words: [`The database cannot be reached: ${wordsOf(error)}`], status: 1 }
  // Of the database or the file system: the message says what is wrong, and where in our code does not help.
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return { words: [`Failed: ${wordsOf(error)}`], status: 1 }
  }
  return {
    words: ['Failed:', error instanceof Error ? (error.stack ?? error.message) : String(error)],
    status: 1,
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error ? String(error.code) : error.name)
}
