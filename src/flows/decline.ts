// «Not me»: somebody else typed this address. The signup is declined (a confirmed one is unsubscribed) and no letter
// goes to the address for 180 days, unless its owner takes that back on the same page.
import { readAddress } from '../core/address.ts'
import { hashAddress } from '../core/hash-address.ts'
import { declinedSeconds } from '../core/retry.ts'
import { isOpen } from '../core/signup-states.ts'
import { readLinkToken } from '../core/tokens.ts'
import { recordEvent } from '../store/events.ts'
import { inTransaction, type Trx } from '../store/open-database.ts'
import { type AddressRow, endSignup, findByLetter, lockSignup, type SignupRow } from '../store/signups.ts'
import { type Declinable, endDeclined, findAddress, suppressDeclined } from '../store/suppressions.ts'
import type { Client } from './client.ts'
import { isItsToken } from './confirm.ts'
import { domainOf } from './domain-of.ts'
import { expireIfLate } from './expire-signups.ts'
import { type List, listOf } from './lists.ts'
import type { Service } from './service.ts'
import { leave } from './unsubscribe.ts'

export type DeclineOutcome =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'forgotten' }
  /** `open`: letters may go to the address; `declined`: they may not */
  | {
      readonly kind: 'open' | 'declined'
      readonly email: string
      readonly list: List
      readonly locale: string
    }

type Deps = Pick<Service, 'db' | 'ring' | 'addressKey' | 'lists' | 'now' | 'tally' | 'metrics'>
type Found = {
  kind: 'found'
  signupId: string
  letterId: string
  addressHash: Buffer
  email: string
  list: List
  locale: string
}

async function find(deps: Deps, token: string): Promise<{ kind: 'unknown' | 'forgotten' } | Found> {
  const proven = readLinkToken(deps.ring, 'not-me', token)
  if (proven === null) return { kind: 'unknown' }
  const found = await findByLetter(deps.db, proven.id)
  if (found === null) return { kind: 'forgotten' }
  if (!isItsToken(found, proven)) return { kind: 'unknown' }
  const list = await listOf(deps.lists, found.signup)
  const { letter, signup } = found
  return {
    kind: 'found',
    signupId: signup.id,
    letterId: letter.id,
    addressHash: signup.address_hash,
    email: letter.recipient,
    list,
    locale: signup.locale,
  }
}

export async function lookAtDecline(deps: Deps, token: string): Promise<DeclineOutcome> {
  const found = await find(deps, token)
  if (found.kind !== 'found') return found
  const at = deps.now()
  const address = await findAddress(deps.db, found.addressHash)
  const declined = address !== null && isDeclined(address, at)
  return { kind: declined ? 'declined' : 'open', email: found.email, list: found.list, locale: found.locale }
}

function isDeclined(address: Pick<AddressRow, 'declined_until'>, at: Date): boolean {
  return address.declined_until !== null && address.declined_until > at
}

export async function decline(deps: Deps, input: { token: string; client: Client }): Promise<DeclineOutcome> {
  const found = await find(deps, input.token)
  if (found.kind !== 'found') return found
  const at = deps.now()
  const done = await inTransaction(deps.db, async (trx) => {
    const locked = await lockSignup(trx, found.signupId)
    if (locked === null) return null
    const of = declinable(deps, locked.signup)
    const isNew = await declineSignup(trx, locked, {
      ...input,
      of,
      letterId: found.letterId,
      why: 'not-me',
      at,
    })
    return { isNew, source: locked.signup.source }
  })
  if (done === null) return { kind: 'forgotten' }
  if (done.isNew) {
    deps.tally.count('declined', {
      list: found.list.slug,
      source: done.source,
      domain: domainOf(found.email),
    })
    deps.metrics.declined()
  }
  return { kind: 'declined', email: found.email, list: found.list, locale: found.locale }
}

export function declinable(
  { addressKey }: Pick<Service, 'addressKey'>,
  signup: Pick<SignupRow, 'email' | 'address_hash'>,
): Declinable {
  const reading = readAddress(signup.email)
  if (reading.kind === 'invalid') throw new Error('a stored address cannot be read any more')
  return {
    hash: signup.address_hash,
    mailbox: hashAddress(addressKey, 'mailbox', reading.address.mailbox),
  }
}

/** What not-me and a complaint do alike. False if nothing was left to do. Signup and address are locked. */
export async function declineSignup(
  trx: Trx,
  locked: { signup: SignupRow; address: AddressRow },
  declined: {
    of: Declinable
    why: 'not-me' | 'complaint'
    at: Date
    client: Client | null
    letterId: string
  },
): Promise<boolean> {
  const { signup, address } = locked
  const { of, why, at, client, letterId } = declined
  const status = await expireIfLate(trx, signup, at)
  if (!isOpen(status) && isDeclined(address, at)) return false
  if (status === 'confirmed') {
    const left = why === 'complaint' ? 'complaint' : 'unsubscribed'
    await leave(trx, signup, { why: left, at, client, letterId })
  }
  if (status === 'pending') await endSignup(trx, signup.id, { status: 'declined', reason: why, at })
  const until = new Date(at.getTime() + declinedSeconds * 1000)
  await suppressDeclined(trx, of, { email: signup.email, at, until, why })
  await recordEvent(trx, {
    signupId: signup.id,
    letterId,
    type: 'declined',
    at,
    detail: { why },
    client: client?.address ?? null,
    agent: client?.agent ?? null,
  })
  return true
}

export async function undoDecline(
  deps: Deps,
  input: { token: string; client: Client },
): Promise<DeclineOutcome> {
  const found = await find(deps, input.token)
  if (found.kind !== 'found') return found
  const at = deps.now()
  await inTransaction(deps.db, async (trx) => {
    const locked = await lockSignup(trx, found.signupId)
    if (locked === null || !isDeclined(locked.address, at)) return
    await endDeclined(trx, declinable(deps, locked.signup))
    await recordEvent(trx, {
      signupId: found.signupId,
      letterId: found.letterId,
      type: 'decline-undone',
      at,
      client: input.client.address,
      agent: input.client.agent,
    })
  })
  return { kind: 'open', email: found.email, list: found.list, locale: found.locale }
}
