import { createHash } from 'node:crypto'

const LONGEST = 300

/**
 * What tells one event from every other and is the same in each redelivery: the provider's own id with what it needs
 * beside it, or, from a provider that gives none, everything that describes the event.
 */
export function eventId(...parts: readonly (string | null)[]): string {
  const whole = parts.map((part) => part ?? '').join('/')
  return whole.length <= LONGEST ? whole : createHash('sha256').update(whole).digest('hex')
}
