// What a suggestion is worth: shown, taken, declined, and what became of those that were declined.
import { readAddress } from '../core/address.ts'
import type { SuggestionReason } from '../core/suggestion.ts'
import type { SuggestionEvent } from '../metrics.ts'
import type { SignupRow } from '../store/signups.ts'
import type { Service } from './service.ts'
import type { Counted } from './tally.ts'

type Deps = Pick<Service, 'tally' | 'metrics'>

export function countSuggestion(
  deps: Deps,
  seen: { event: SuggestionEvent; reason: SuggestionReason },
  counted: Counted,
): void {
  deps.tally.count(`suggestions-${seen.event}/${seen.reason}`, counted)
  deps.metrics.suggestion(seen.event, seen.reason)
}

/** Whoever insisted was right, or was not. Nothing where no suggestion was declined. */
export function countDeclined(
  deps: Deps,
  event: 'declined-confirmed' | 'declined-bounced',
  about: { signup: Pick<SignupRow, 'email' | 'declined_suggestion'>; counted: Counted },
): void {
  const { email, declined_suggestion: declined } = about.signup
  if (declined === null) return
  // read again rather than kept: only two reasons can be insisted against
  const reading = readAddress(email)
  const isFormat = reading.kind === 'address' && reading.question?.domain === declined
  countSuggestion(deps, { event, reason: isFormat ? 'format' : 'typo' }, about.counted)
}
