// What becomes of a claimed letter before it is written: time has passed since it was asked for.
import { keyById } from '../core/keys.ts'
import { giveUpAfterSeconds } from '../core/retry.ts'
import type { ClaimedLetter } from '../store/out-tray.ts'
import type { Service } from './service.ts'

export type Fate =
  | { readonly kind: 'go' }
  /** its links could not be proven: it waits for SECRET_KEYS_OLD, as long as a letter is tried */
  | { readonly kind: 'wait'; readonly missingKey: string }
  | { readonly kind: 'drop'; readonly why: string }

export function fateOf({ ring }: Pick<Service, 'ring'>, letter: ClaimedLetter, at: Date): Fate {
  const why = whyNot(letter, at)
  if (why !== null) return { kind: 'drop', why }
  const missingKey = [letter.keyId, letter.signupKeyId].find((id) => keyById(ring, id) === null)
  if (missingKey === undefined) return { kind: 'go' }
  const isOver = at.getTime() - letter.createdAt.getTime() >= giveUpAfterSeconds * 1_000
  return isOver
    ? { kind: 'drop', why: 'the SECRET_KEY that its links were made with is gone' }
    : { kind: 'wait', missingKey }
}

/** A letter whose signup has moved on is not sent: the words would not be true any more. */
function whyNot(letter: ClaimedLetter, at: Date): string | null {
  if (letter.suppressed) return 'the mailbox does not exist'
  if (letter.declined) return 'the owner of the address asked for no letters'
  const wanted = letter.kind === 'confirmation' ? 'pending' : 'confirmed'
  if (letter.signupStatus !== wanted) return `the signup is ${letter.signupStatus}`
  const isLate = letter.signupStatus === 'pending' && letter.expiresAt !== null && letter.expiresAt <= at
  return isLate ? 'the signup is expired' : null
}
