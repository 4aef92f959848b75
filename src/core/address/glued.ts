import { parse } from 'tldts'
import { suggestDomain } from '../suggestion/suggest-domain.ts'
import { TARGET_DOMAINS } from '../suggestion/target-list.ts'

export type Glued = { domain: string; text: string }

/** Shorter than this it is a slip of the ending, gmail.comm, and no text of its own. */
const SHORTEST_TEXT = 3

/**
 * A mail domain with other text behind it, `gmail.comcarlos`: two fields in one, and nobody can say what the second
 * was. Null where the ending exists (public suffix list) or where the whole is a slip that has a repair.
 */
export function textGluedTo(domain: string): Glued | null {
  const lower = domain.toLowerCase()
  const { isIcann } = parse(lower)
  if (isIcann === true) return null
  for (let length = lower.length - SHORTEST_TEXT; length > 3; length -= 1) {
    const front = lower.slice(0, length)
    if (!TARGET_DOMAINS.has(front)) continue
    return suggestDomain(lower) === null ? { domain: front, text: domain.slice(length) } : null
  }
  return null
}
