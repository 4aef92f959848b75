// One more letter about a signup that is there already: asked for by who holds an old link (renew), or by the admin
// (resend, correct). What is open is written to again; what has ended starts anew, and keeps its evidence.
import { type Address, readAddress } from '../core/address.ts'
import { isDisposable } from '../core/disposable.ts'
import { sealHandle } from '../core/handles.ts'
import { goneCode, statusAt } from '../core/signup-states.ts'
import { readLinkToken } from '../core/tokens.ts'
import { recordEvent } from '../store/events.ts'
import { type Db, inTransaction } from '../store/open-database.ts'
import { type Asker, recordSignups, type SignupEntry, type SignupOutcome } from '../store/record-signups.ts'
import {
  endSignup,
  findByLetter,
  findSignup,
  lockAddress,
  lockSignup,
  type SignupRow,
} from '../store/signups.ts'
import type { Client } from './client.ts'
import { isItsToken, type LinkOutcome } from './confirm.ts'
import { domainOf } from './domain-of.ts'
import { handleFor } from './handle-for.ts'
import { type List, listOf } from './lists.ts'
import { makeEntry } from './make-entry.ts'
import type { Service } from './service.ts'
import type { Accepted, InvalidEmail } from './sign-up.ts'

type Deps = Pick<Service, 'db' | 'ring' | 'addressKey' | 'rules' | 'lists' | 'pace' | 'now'>

export type RenewOutcome = LinkOutcome | { readonly kind: 'too-many'; readonly until: Date } | Accepted

/** Who holds the link got the letter: a suppression after a bounce ends, and no pause is needed. */
export async function renew(deps: Deps, input: { token: string; client: Client }): Promise<RenewOutcome> {
  const proven = readLinkToken(deps.ring, 'confirm', input.token)
  if (proven === null) return { kind: 'unknown' }
  const found = await findByLetter(deps.db, proven.id)
  if (found === null) return { kind: 'gone', code: 'link-expired', list: null, email: null, locale: null }
  if (!isItsToken(found, proven)) return { kind: 'unknown' }
  const { signup, letter } = found
  const list = await listOf(deps.lists, signup)
  const now = deps.now()
  const code = goneCode(statusAt(signup.status, signup.expires_at, now))
  if (code !== null && code !== 'link-expired' && code !== 'address-invalid') {
    return { kind: 'gone', code, list, email: letter.recipient, locale: signup.locale }
  }
  const entry = entryFrom(deps, { signup, list, address: readAgain(letter.recipient), client: input.client })
  // One that is open still needs no renewal: asking for another letter is then asking like any visitor.
  const asker = code === null ? 'visitor' : 'renewal'
  const outcome = await inTransaction(deps.db, async (trx) => {
    const recorded = await record(deps, trx, { entry, asker, now })
    if ('signupId' in recorded && (await findSignup(trx, signup.id)) !== null) {
      const detail = { renewed_by: recorded.signupId }
      await recordEvent(trx, { signupId: signup.id, letterId: letter.id, type: 'renewed', at: now, detail })
    }
    return recorded
  })
  if (outcome.kind === 'too-many') return { kind: 'too-many', until: outcome.until }
  return {
    kind: 'accepted',
    email: letter.recipient,
    handle: sealHandle(deps.ring, handleFor(deps, outcome, { entry, now })),
    expiresAt: new Date(now.getTime() + deps.rules.confirmWithin * 1000),
    list,
  }
}

export type AdminOutcome =
  | { readonly kind: 'unknown' }
  /** `not-now`: the signup is not pending, invalid or expired; `declined`: the owner asked for no letters */
  | { readonly kind: 'not-now' | 'declined' | 'same-address' }
  | { readonly kind: 'invalid-email'; readonly invalid: InvalidEmail }
  | { readonly kind: 'sent'; readonly signupId: string }

const mayBeSentAgain = new Set(['pending', 'invalid', 'expired'])

export async function resend(deps: Deps, signupId: string): Promise<AdminOutcome> {
  return sendAgain(deps, { signupId, address: null })
}

/** A typo put right by hand: a new signup for the right address, and the old one is `replaced`. */
export async function correct(deps: Deps, input: { signupId: string; email: string }): Promise<AdminOutcome> {
  const reading = readAddress(input.email)
  if (reading.kind === 'invalid') return { kind: 'invalid-email', invalid: reading }
  return sendAgain(deps, { signupId: input.signupId, address: reading.address })
}

async function sendAgain(
  deps: Deps,
  input: { signupId: string; address: Address | null },
): Promise<AdminOutcome> {
  const now = deps.now()
  const before = await findSignup(deps.db, input.signupId)
  if (before === null) return { kind: 'unknown' }
  const list = await listOf(deps.lists, before)
  const address = input.address ?? readAgain(before.email)
  const client: Client = { address: null, key: null, wideKey: null, agent: null }
  const entry = entryFrom(deps, { signup: before, list, address, client })
  const isSame = entry.addressHash.equals(before.address_hash)
  if (input.address !== null && isSame) return { kind: 'same-address' }
  return inTransaction(deps.db, async (trx): Promise<AdminOutcome> => {
    const hashes = [before.address_hash, entry.addressHash].sort(Buffer.compare)
    for (const hash of hashes) await lockAddress(trx, hash)
    const locked = await lockSignup(trx, before.id)
    if (locked === null) return { kind: 'unknown' }
    const { signup } = locked
    const status = statusAt(signup.status, signup.expires_at, now)
    if (!mayBeSentAgain.has(status)) return { kind: 'not-now' }
    if (input.address !== null) {
      await endSignup(trx, signup.id, { status: 'replaced', reason: null, at: now })
    }
    const outcome = await record(deps, trx, { entry, asker: 'admin', now })
    if (!('signupId' in outcome)) {
      if (outcome.kind === 'declined') throw new Declined()
      throw new Error(`a letter that the admin asked for was refused: ${outcome.kind}`)
    }
    const type = input.address === null ? 'resent' : 'corrected'
    const detail = input.address === null ? { by: outcome.signupId } : { replaced_by: outcome.signupId }
    await recordEvent(trx, { signupId: signup.id, type, at: now, detail })
    return { kind: 'sent', signupId: outcome.signupId }
  }).catch((error: unknown): AdminOutcome => {
    if (error instanceof Declined) return { kind: 'declined' }
    throw error
  })
}

/** Rolls back what was begun when the owner of the address turns out to have asked for no letters. */
class Declined extends Error {}

function readAgain(email: string): Address {
  const reading = readAddress(email)
  if (reading.kind === 'invalid') throw new Error('a stored address cannot be read any more')
  return reading.address
}

export function entryFrom(
  deps: Pick<Service, 'addressKey'>,
  from: { signup: SignupRow; list: List; address: Address; client: Client },
): SignupEntry {
  const { signup } = from
  const attributes = signup.attributes === null ? null : stringsIn(signup.attributes)
  return makeEntry(deps, {
    list: from.list,
    address: from.address,
    locale: () => signup.locale,
    source: signup.source,
    attributes,
    consent: signup.consent_as_posted,
    honeypot: false,
    client: from.client,
    ...saidOf(signup, from.address),
  })
}

/** A correction is made by hand: what was said of the address that it replaces is not said of it. */
function saidOf(signup: SignupRow, address: Address) {
  const isSame = domainOf(signup.email) === address.domain
  const { declined_suggestion: domain, disposable } = signup
  return {
    declined: isSame && domain !== null ? { domain } : null,
    disposable: isSame ? disposable : isDisposable(address.domain),
  }
}

function stringsIn(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]))
}

export async function record(
  deps: Deps,
  db: Db,
  one: { entry: SignupEntry; asker: Asker; now: Date },
): Promise<SignupOutcome> {
  const outcomes = await recordSignups(db, {
    entries: [one.entry],
    limits: deps.rules.limits,
    asker: one.asker,
    keyId: deps.ring.current.id,
    now: one.now,
  })
  const outcome = outcomes[0]
  if (outcome === undefined) throw new Error('the group statement did not answer for an entry')
  return outcome
}
