// What became of the letter, for whoever made the signup. A handle without a letter of its own passes through
// «queued» and «sent» like any other.
import { readAddress } from '../core/address.ts'
import { type Handle, openHandle } from '../core/handles.ts'
import type { Suggestion } from '../core/suggestion.ts'
import { readRelay } from '../store/relay.ts'
import { findByLetter, type SignupWithLetter } from '../store/signups.ts'
import { findAddress } from '../store/suppressions.ts'
import type { Service } from './service.ts'

export type LetterStatus = {
  readonly letter: 'queued' | 'sent' | 'delayed' | 'undeliverable' | 'confirmed'
  readonly reason: string | null
  readonly suggestion: Suggestion | null
  readonly at: Date
}

type Deps = Pick<Service, 'db' | 'ring' | 'now' | 'lists' | 'suggesters'>

/** Null: we never gave out this handle, or it is older than a day. */
export function readHandle(deps: Pick<Service, 'ring' | 'now'>, text: string): Handle | null {
  return openHandle(deps.ring, text, deps.now())
}

export function isFinal(status: LetterStatus): boolean {
  return status.letter === 'confirmed' || status.letter === 'undeliverable'
}

export async function letterStatus(deps: Deps, handle: Handle): Promise<LetterStatus> {
  if (handle.kind === 'quiet') return quietStatus(deps, handle)
  if (handle.kind === 'suppressed') {
    const address = await findAddress(deps.db, handle.addressHash)
    const where = { listId: handle.listId, locale: null }
    const email = address?.email ?? null
    const suggestion = await probablyMeant(deps, email, where)
    return undeliverable('mailbox-does-not-exist', suggestion, handle.issuedAt)
  }
  const found = await findByLetter(deps.db, handle.letterId)
  if (found === null) return sent(handle.issuedAt)
  const { letter, signup } = found
  const suggestion =
    letter.state === 'undeliverable'
      ? await probablyMeant(deps, letter.recipient, { listId: signup.list_id, locale: signup.locale })
      : null
  return statusOf(found, { issuedAt: handle.issuedAt, suggestion })
}

/**
 * Nothing is dated before the answer that gave out the handle: one without a letter knows no other beginning, and a
 * few milliseconds would tell the two apart. Who left the list again has confirmed all the same.
 */
function statusOf(
  { letter, signup }: SignupWithLetter,
  { issuedAt, suggestion }: { issuedAt: Date; suggestion: Suggestion | null },
): LetterStatus {
  const since = (at: Date | null) => (at === null || at < issuedAt ? issuedAt : at)
  if (signup.confirmed_at !== null && letter.kind === 'confirmation') {
    return { letter: 'confirmed', reason: null, suggestion: null, at: since(signup.confirmed_at) }
  }
  switch (letter.state) {
    case 'undeliverable':
      return undeliverable(letter.reason ?? 'other-permanent', suggestion, since(letter.ended_at))
    case 'sent':
      return sent(since(letter.sent_at))
    case 'dropped':
      return sent(since(letter.ended_at))
    case 'queued':
      return letter.attempts > 0
        ? {
            letter: 'delayed',
            reason: letter.reason,
            suggestion: null,
            at: since(letter.first_tried_at),
          }
        : { letter: 'queued', reason: null, suggestion: null, at: issuedAt }
  }
}

function sent(at: Date): LetterStatus {
  return { letter: 'sent', reason: null, suggestion: null, at }
}

function undeliverable(reason: string, suggestion: Suggestion | null, at: Date): LetterStatus {
  return { letter: 'undeliverable', reason, suggestion, at }
}

async function probablyMeant(
  deps: Deps,
  email: string | null,
  where: { listId: number; locale: string | null },
): Promise<Suggestion | null> {
  const reading = email === null ? null : readAddress(email)
  if (reading?.kind !== 'address') return null
  const list = await deps.lists.findById(where.listId)
  const locale = where.locale ?? list?.locale
  return deps.suggesters.of(list).suggest(reading.address, { locale })
}

/** While the relay is in trouble nobody's letter goes out, so this one does not either. */
async function quietStatus(deps: Deps, handle: Extract<Handle, { kind: 'quiet' }>): Promise<LetterStatus> {
  const { trouble, troubleSince, recoveredAt } = await readRelay(deps.db, deps.now())
  const usual = handle.issuedAt.getTime() + handle.sentAfter
  const isCaught =
    troubleSince !== null &&
    troubleSince.getTime() <= usual &&
    (trouble !== null || (recoveredAt !== null && recoveredAt.getTime() > usual))
  const at = isCaught && recoveredAt !== null ? recoveredAt.getTime() + handle.sentAfter : usual
  return (isCaught && trouble !== null) || deps.now().getTime() < at
    ? { letter: 'queued', reason: null, suggestion: null, at: handle.issuedAt }
    : sent(new Date(at))
}

/** When a quiet handle's state will change by itself, in milliseconds from now; null when it will not. */
export function changesIn(deps: Pick<Service, 'now'>, handle: Handle): number | null {
  if (handle.kind !== 'quiet') return null
  const left = handle.issuedAt.getTime() + handle.sentAfter - deps.now().getTime()
  return left >= 0 ? left + 5 : null
}
