// How many files a process of this shell may open. From /proc; elsewhere than on Linux nothing is known.
import { readFileSync } from 'node:fs'

/** Node raises the soft limit to the hard one when it starts, so this is `ulimit -Hn` of the shell. */
export function mostOpenFiles(): number | null {
  const limit = /^Max open files\s+(\d+|unlimited)/m.exec(read())?.[1]
  if (limit === undefined) return null
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit)
}

function read(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}
