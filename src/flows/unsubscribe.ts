// Leaving. The token belongs to the signup and does not expire; leaving twice is leaving.
import { type Proven, readLinkToken } from '../core/tokens.ts'
import { recordEvent } from '../store/events.ts'
import { inTransaction, type Trx } from '../store/open-database.ts'
import type { DepartureReason } from '../store/schema.ts'
import { endSignup, findSignup, lockSignup, recordDeparture, type SignupRow } from '../store/signups.ts'
import type { Client } from './client.ts'
import { domainOf } from './domain-of.ts'
import { type List, listOf } from './lists.ts'
import type { Service } from './service.ts'

export type UnsubscribeOutcome =
  | { readonly kind: 'unknown' }
  /** genuine, but nothing is kept about it any more */
  | { readonly kind: 'forgotten' }
  | {
      readonly kind: 'subscribed' | 'unsubscribed'
      readonly email: string
      readonly list: List
      readonly locale: string
    }

type Deps = Pick<Service, 'db' | 'ring' | 'lists' | 'now' | 'tally' | 'metrics'>

async function find(
  deps: Deps,
  token: string,
): Promise<
  | Exclude<UnsubscribeOutcome, { kind: 'subscribed' | 'unsubscribed' }>
  | { kind: 'found'; signup: SignupRow; list: List }
> {
  const proven: Proven | null = readLinkToken(deps.ring, 'unsubscribe', token)
  if (proven === null) return { kind: 'unknown' }
  const signup = await findSignup(deps.db, proven.id)
  if (signup === null) return { kind: 'forgotten' }
  if (signup.key_id !== proven.keyId) return { kind: 'unknown' }
  const list = await listOf(deps.lists, signup)
  return { kind: 'found', signup, list }
}

export async function lookAtSubscription(deps: Deps, token: string): Promise<UnsubscribeOutcome> {
  const found = await find(deps, token)
  if (found.kind !== 'found') return found
  const { signup, list } = found
  return {
    kind: signup.status === 'confirmed' ? 'subscribed' : 'unsubscribed',
    email: signup.email,
    list,
    locale: signup.locale,
  }
}

export async function unsubscribe(
  deps: Deps,
  input: { token: string; client: Client },
): Promise<UnsubscribeOutcome> {
  const found = await find(deps, input.token)
  if (found.kind !== 'found') return found
  const { signup, list } = found
  const at = deps.now()
  const left = await inTransaction(deps.db, async (trx) => {
    const locked = await lockSignup(trx, signup.id)
    if (locked === null || locked.signup.status !== 'confirmed') return false
    await leave(trx, locked.signup, { why: 'unsubscribed', at, client: input.client, letterId: null })
    return true
  })
  if (left) {
    deps.tally.count('unsubscribed', {
      list: list.slug,
      source: signup.source,
      domain: domainOf(signup.email),
    })
    deps.metrics.unsubscribed()
  }
  return { kind: 'unsubscribed', email: signup.email, list, locale: signup.locale }
}

/** A confirmed signup ends; whoever copies the list learns of it from the departures. The signup is locked. */
export async function leave(
  trx: Trx,
  signup: SignupRow,
  left: { why: DepartureReason; at: Date; client: Client | null; letterId: string | null },
): Promise<void> {
  await endSignup(trx, signup.id, { status: 'unsubscribed', reason: left.why, at: left.at })
  await recordDeparture(trx, signup, { at: left.at, why: left.why })
  await recordEvent(trx, {
    signupId: signup.id,
    letterId: left.letterId,
    type: 'unsubscribed',
    at: left.at,
    detail: { why: left.why },
    client: left.client?.address ?? null,
    agent: left.client?.agent ?? null,
  })
}
