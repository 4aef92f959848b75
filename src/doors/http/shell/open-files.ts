// How many files and connections this process may have open, as far as the system says: on Linux it does.
import { readFileSync } from 'node:fs'

const limits = '/proc/self/limits'

/** Infinity where nobody says. Node raises its own limit to the highest allowed when it starts. */
export function mostOpenFiles(read: () => string = () => readFileSync(limits, 'utf8')): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(read())?.[1]
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
