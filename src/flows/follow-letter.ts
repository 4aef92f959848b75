// What became of the letter, for whoever made the signup. A handle without a letter of its own passes through
// «queued» and «sent» like any other.
import { readAddress } from '../core/address.ts'
import { type Handle, openHandle } from '../core/handles.ts'
import type { Suggestion } from '../core/suggestion.ts'
import { type FollowedLetter, readFollowed } from '../store/followed-letters.ts'
import { type RelayState, readRelay } from '../store/relay.ts'
import { findAddress } from '../store/suppressions.ts'
import { type HeldDomains, readHeldDomains } from './held-domains.ts'
import type { Service } from './service.ts'

export type LetterStatus = {
  readonly letter: 'queued' | 'sent' | 'delayed' | 'undeliverable' | 'confirmed'
  readonly reason: string | null
  readonly suggestion: Suggestion | null
  readonly at: Date
}

type Deps = Pick<Service, 'db' | 'ring' | 'addressKey' | 'rules' | 'now' | 'lists' | 'suggesters'>

/** Null: we never gave out this handle, or it is older than a day. */
export function readHandle(deps: Pick<Service, 'ring' | 'now'>, text: string): Handle | null {
  return openHandle(deps.ring, text, deps.now())
}

const noLetter = '00000000-0000-0000-0000-000000000000'

export function isFinal(status: LetterStatus): boolean {
  return status.letter === 'confirmed' || status.letter === 'undeliverable'
}

export async function letterStatus(deps: Deps, handle: Handle): Promise<LetterStatus> {
  const [status] = await letterStatuses(deps, [handle])
  return status ?? sent(handle.issuedAt)
}

/** In the order of the handles; what they need is read by one statement for all of a kind. */
export async function letterStatuses(deps: Deps, handles: readonly Handle[]): Promise<LetterStatus[]> {
  const ids = handles.flatMap((handle) => (handle.kind === 'letter' ? [handle.letterId] : []))
  // All of it whatever the handles are: one that is answered sooner would tell what it stands for.
  const [letters, relay, held] = await Promise.all([
    readFollowed(deps.db, ids.length === 0 ? [noLetter] : ids),
    readRelay(deps.db, deps.now()),
    readHeldDomains(deps),
  ])
  return Promise.all(
    handles.map((handle) => {
      if (handle.kind === 'suppressed') return suppressedStatus(deps, handle)
      if (handle.kind === 'quiet') return quietStatus(handle, { now: deps.now(), relay, held })
      const letter = letters.get(handle.letterId)
      return letter === undefined ? sent(handle.issuedAt) : statusOf(deps, letter, handle.issuedAt)
    }),
  )
}

async function suppressedStatus(
  deps: Deps,
  handle: Extract<Handle, { kind: 'suppressed' }>,
): Promise<LetterStatus> {
  const address = await findAddress(deps.db, handle.addressHash)
  const where = { list_id: handle.listId, locale: null }
  const suggestion = await probablyMeant(deps, address?.email ?? null, where)
  return undeliverable('mailbox-does-not-exist', suggestion, handle.issuedAt)
}

/**
 * Nothing is dated before the answer that gave out the handle: one without a letter knows no other beginning, and a
 * few milliseconds would tell the two apart. Who left the list again has confirmed all the same.
 */
function statusOf(deps: Deps, letter: FollowedLetter, issuedAt: Date): LetterStatus | Promise<LetterStatus> {
  const since = (at: Date | null) => (at === null || at < issuedAt ? issuedAt : at)
  if (letter.confirmed_at !== null && letter.kind === 'confirmation') {
    return { letter: 'confirmed', reason: null, suggestion: null, at: since(letter.confirmed_at) }
  }
  switch (letter.state) {
    case 'undeliverable':
      return probablyMeant(deps, letter.recipient, letter).then((suggestion) =>
        undeliverable(letter.reason ?? 'other-permanent', suggestion, since(letter.ended_at)),
      )
    case 'sent':
      return sent(since(letter.sent_at))
    case 'dropped':
      return sent(since(letter.ended_at))
    case 'queued':
      return letter.attempts > 0
        ? { letter: 'delayed', reason: letter.reason, suggestion: null, at: since(letter.first_tried_at) }
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
  where: { list_id: number; locale: string | null },
): Promise<Suggestion | null> {
  const reading = email === null ? null : readAddress(email)
  if (reading?.kind !== 'address') return null
  const list = await deps.lists.findById(where.list_id)
  const locale = where.locale ?? list?.locale
  return deps.suggesters.of(list).suggest(reading.address, { locale })
}

/**
 * While the relay is in trouble nobody's letter goes out, and none to a domain whose letters are held, so this one does
 * not either.
 */
function quietStatus(
  handle: Extract<Handle, { kind: 'quiet' }>,
  { now, relay, held }: { now: Date; relay: RelayState; held: HeldDomains },
): LetterStatus {
  const queued = { letter: 'queued', reason: null, suggestion: null, at: handle.issuedAt } as const
  const begun = new Date(handle.issuedAt.getTime() + handle.sentAfter)
  const heldUntil = handle.domain === undefined ? null : held.heldUntil(handle.domain, begun)
  if (heldUntil === 'still') return queued
  const usual = heldUntil === null ? begun.getTime() : heldUntil.getTime() + handle.sentAfter
  const { trouble, troubleSince, recoveredAt } = relay
  const isCaught =
    troubleSince !== null &&
    troubleSince.getTime() <= usual &&
    (trouble !== null || (recoveredAt !== null && recoveredAt.getTime() > usual))
  const at = isCaught && recoveredAt !== null ? recoveredAt.getTime() + handle.sentAfter : usual
  return (isCaught && trouble !== null) || now.getTime() < at ? queued : sent(new Date(at))
}

/** When a quiet handle's state will change by itself, in milliseconds from now; null when it will not. */
export function changesIn(deps: Pick<Service, 'now'>, handle: Handle): number | null {
  if (handle.kind !== 'quiet') return null
  const left = handle.issuedAt.getTime() + handle.sentAfter - deps.now().getTime()
  return left >= 0 ? left + 5 : null
}
