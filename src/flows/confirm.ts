// The link. Looking changes nothing; acting leads a pending signup to confirmed, and everything that follows from it
// commits with it. Two clicks at once, or a click and a bounce at once, wait for each other and end in one state.
import { type GoneCode, goneCode, statusAt } from '../core/signup-states.ts'
import { type Proven, readLinkToken } from '../core/tokens.ts'
import { recordEvent } from '../store/events.ts'
import { inTransaction, type Trx } from '../store/open-database.ts'
import {
  confirmSignup,
  findByLetter,
  lockSignup,
  type SignupWithLetter,
  tellAboutLetters,
} from '../store/signups.ts'
import { endBounceSuppression } from '../store/suppressions.ts'
import { domainOf } from './domain-of.ts'
import { expireIfLate } from './expire-signups.ts'
import { type List, listOf } from './lists.ts'
import type { Service } from './service.ts'
import type { Client } from './sign-up.ts'

/** `unknown`: we never wrote this token. `gone` without a list: genuine, but its row is purged. */
export type LinkOutcome =
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'gone'
      readonly code: GoneCode
      readonly list: List | null
      readonly email: string | null
    }

export type LookOutcome =
  | LinkOutcome
  | { readonly kind: 'pending' | 'confirmed'; readonly email: string; readonly list: List }
export type ConfirmOutcome =
  | LinkOutcome
  | { readonly kind: 'confirmed' | 'already'; readonly email: string; readonly list: List }

type Deps = Pick<Service, 'db' | 'ring' | 'lists' | 'now' | 'tally' | 'metrics'>

/** A row keeps the key that its token was made with: a genuine MAC under another key of ours is not its token. */
export function isItsToken(found: SignupWithLetter, proven: Proven): boolean {
  return found.letter.key_id === proven.keyId
}

export async function lookAtLink(deps: Deps, token: string): Promise<LookOutcome> {
  const proven = readLinkToken(deps.ring, 'confirm', token)
  if (proven === null) return { kind: 'unknown' }
  const found = await findByLetter(deps.db, proven.id)
  if (found === null) return { kind: 'gone', code: 'link-expired', list: null, email: null }
  if (!isItsToken(found, proven)) return { kind: 'unknown' }
  const list = await listOf(deps.lists, found.signup)
  const status = statusAt(found.signup.status, found.signup.expires_at, deps.now())
  const code = goneCode(status)
  const email = found.letter.recipient
  if (code !== null) return { kind: 'gone', code, list, email }
  return { kind: status === 'confirmed' ? 'confirmed' : 'pending', email, list }
}

export async function confirm(deps: Deps, input: { token: string; client: Client }): Promise<ConfirmOutcome> {
  const proven = readLinkToken(deps.ring, 'confirm', input.token)
  if (proven === null) return { kind: 'unknown' }
  const found = await findByLetter(deps.db, proven.id)
  if (found === null) return { kind: 'gone', code: 'link-expired', list: null, email: null }
  if (!isItsToken(found, proven)) return { kind: 'unknown' }
  const list = await listOf(deps.lists, found.signup)
  const outcome = await inTransaction(deps.db, (trx) => act(trx, found, { ...input, at: deps.now() }))
  if (outcome === 'confirmed') {
    const counted = { list: list.slug, source: found.signup.source, domain: domainOf(found.letter.recipient) }
    deps.tally.count('confirmed', counted)
    deps.metrics.confirmed()
  }
  const email = found.letter.recipient
  if (outcome === 'confirmed' || outcome === 'already') return { kind: outcome, email, list }
  return { kind: 'gone', code: outcome, list, email }
}

async function act(
  trx: Trx,
  found: SignupWithLetter,
  click: { at: Date; client: Client },
): Promise<'confirmed' | 'already' | GoneCode> {
  const { letter } = found
  const { at, client } = click
  const locked = await lockSignup(trx, letter.signup_id)
  if (locked === null) return 'link-expired'
  const { signup } = locked
  const event = {
    signupId: signup.id,
    letterId: letter.id,
    at,
    client: client.address,
    agent: client.agent,
  }
  const code = goneCode(await expireIfLate(trx, signup, at))
  if (code !== null) {
    await recordEvent(trx, { ...event, type: 'clicked-too-late', detail: { code } })
    return code
  }
  if (signup.status === 'confirmed') {
    await recordEvent(trx, { ...event, type: 'clicked-again' })
    return 'already'
  }
  await confirmSignup(trx, signup, { letter, at, client: client.address })
  await recordEvent(trx, { ...event, type: 'confirmed' })
  if (locked.address.bounced_at !== null || locked.address.bounce_wait_seconds !== null) {
    await endBounceSuppression(trx, signup.address_hash)
  }
  await tellAboutLetters(trx, signup.id)
  return 'confirmed'
}
