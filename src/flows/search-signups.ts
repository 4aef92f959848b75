// Signups in any state, and one of them with its letters and events.

import { readAddress } from '../core/address.ts'
import { hashAddress } from '../core/hash-address.ts'
import { readPageCursor, writePageCursor } from '../core/page-cursor.ts'
import type { SignupStatus } from '../core/signup-states.ts'
import { bytesToUuid, uuidToBytes } from '../core/tokens.ts'
import { inSnapshot } from '../store/open-database.ts'
import {
  type EventRecord,
  type LetterRecord,
  readEvents,
  readLetters,
  type SignupRecord,
  searchSignups,
} from '../store/search-signups.ts'
import type { Service } from './service.ts'

export type { EventRecord, SignupRecord } from '../store/search-signups.ts'

/** As the outside sees it: `delayed` has been refused for now at least once. */
export type LetterView = Omit<LetterRecord, 'state' | 'attempts'> & {
  readonly state: LetterRecord['state'] | 'delayed'
}

export type SignupInFull = {
  readonly signup: SignupRecord
  readonly letters: readonly LetterView[]
  readonly events: readonly EventRecord[]
}

export type SignupSearch = {
  readonly email: string | null
  readonly list: string | null
  readonly status: SignupStatus | null
  readonly bounced: boolean | null
  readonly limit: number
  readonly cursor: string | null
}

export type SearchOutcome =
  | { readonly kind: 'refused'; readonly field: 'email' | 'list' | 'cursor' }
  | { readonly kind: 'page'; readonly items: readonly SignupRecord[]; readonly next: string | null }

type Deps = Pick<Service, 'db' | 'lists' | 'addressKey' | 'now'>

export async function search(deps: Deps, asked: SignupSearch): Promise<SearchOutcome> {
  const reading = asked.email === null ? null : readAddress(asked.email)
  if (reading?.kind === 'invalid') return { kind: 'refused', field: 'email' }
  const list = asked.list === null ? null : await deps.lists.find(asked.list)
  if (asked.list !== null && list === null) return { kind: 'refused', field: 'list' }
  const after = asked.cursor === null ? null : readPageCursor(asked.cursor, 16)
  if (asked.cursor !== null && after === null) return { kind: 'refused', field: 'cursor' }
  const found = await searchSignups(deps.db, {
    now: deps.now(),
    limit: asked.limit + 1,
    ...(reading === null
      ? {}
      : { addressHash: hashAddress(deps.addressKey, 'address', reading.address.key) }),
    ...(list === null ? {} : { listId: list.id }),
    ...(asked.status === null ? {} : { status: asked.status }),
    ...(asked.bounced === null ? {} : { bounced: asked.bounced }),
    ...(after === null ? {} : { before: bytesToUuid(after) }),
  })
  const items = found.slice(0, asked.limit)
  const last = items.at(-1)
  const next =
    found.length > items.length && last !== undefined ? writePageCursor(uuidToBytes(last.id)) : null
  return { kind: 'page', items, next }
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function isSignupId(text: string): boolean {
  return uuid.test(text)
}

export async function findInFull(
  deps: Pick<Service, 'db' | 'now'>,
  id: string,
): Promise<SignupInFull | null> {
  if (!isSignupId(id)) return null
  return inSnapshot(deps.db, async (db) => {
    const [signup] = await inFull({ db }, await searchSignups(db, { now: deps.now(), id }))
    return signup ?? null
  })
}

/** Each with its letters and events. */
export async function inFull(
  deps: Pick<Service, 'db'>,
  signups: readonly SignupRecord[],
): Promise<SignupInFull[]> {
  const ids = signups.map((signup) => signup.id)
  const letters = Map.groupBy(await readLetters(deps.db, ids), (letter) => letter.signupId)
  const events = Map.groupBy(await readEvents(deps.db, ids), (event) => event.signupId)
  return signups.map((signup) => ({
    signup,
    letters: (letters.get(signup.id) ?? []).map(seen),
    events: events.get(signup.id) ?? [],
  }))
}

function seen({ attempts, ...letter }: LetterRecord): LetterView {
  return { ...letter, state: letter.state === 'queued' && attempts > 0 ? 'delayed' : letter.state }
}
