// The link. Looking changes nothing; acting leads a pending signup to confirmed, and everything that follows from it
// commits with it. Two clicks at once, or a click and a bounce at once, wait for each other and end in one state.

import { readAddress } from '../core/address.ts'
import type { ConfirmedBy } from '../core/confirmed-by.ts'
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
import type { Client } from './client.ts'
import { countDeclined } from './count-suggestion.ts'
import { domainOf } from './domain-of.ts'
import { expireIfLate } from './expire-signups.ts'
import { type List, listOf } from './lists.ts'
import { witnessDomain } from './proven-domains.ts'
import type { Service } from './service.ts'

/** `unknown`: we never wrote this token. `gone` without a list: genuine, but its row is purged. */
export type LinkOutcome =
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'gone'
      readonly code: GoneCode
      readonly list: List | null
      readonly email: string | null
      /** The language that the signup was made in. */
      readonly locale: string | null
    }

export type LookOutcome =
  | LinkOutcome
  | {
      readonly kind: 'pending' | 'confirmed'
      readonly email: string
      readonly list: List
      readonly locale: string
    }
export type ConfirmOutcome =
  | LinkOutcome
  | {
      readonly kind: 'confirmed' | 'already'
      readonly email: string
      readonly list: List
      readonly locale: string
    }

type LookDeps = Pick<Service, 'db' | 'ring' | 'lists' | 'now'>
type Deps = LookDeps & Pick<Service, 'tally' | 'metrics' | 'suggesters' | 'addressKey'>

/** A row keeps the key that its token was made with: a genuine MAC under another key of ours is not its token. */
export function isItsToken(found: SignupWithLetter, proven: Proven): boolean {
  return found.letter.key_id === proven.keyId
}

export async function lookAtLink(deps: LookDeps, token: string): Promise<LookOutcome> {
  const proven = readLinkToken(deps.ring, 'confirm', token)
  if (proven === null) return { kind: 'unknown' }
  const found = await findByLetter(deps.db, proven.id)
  if (found === null) return { kind: 'gone', code: 'link-expired', list: null, email: null, locale: null }
  if (!isItsToken(found, proven)) return { kind: 'unknown' }
  const list = await listOf(deps.lists, found.signup)
  const status = statusAt(found.signup.status, found.signup.expires_at, deps.now())
  const code = goneCode(status)
  const email = found.letter.recipient
  const { locale } = found.signup
  if (code !== null) return { kind: 'gone', code, list, email, locale }
  return { kind: status === 'confirmed' ? 'confirmed' : 'pending', email, list, locale }
}

export async function confirm(
  deps: Deps,
  input: { token: string; client: Client; by?: ConfirmedBy },
): Promise<ConfirmOutcome> {
  const proven = readLinkToken(deps.ring, 'confirm', input.token)
  if (proven === null) return { kind: 'unknown' }
  const found = await findByLetter(deps.db, proven.id)
  if (found === null) return { kind: 'gone', code: 'link-expired', list: null, email: null, locale: null }
  if (!isItsToken(found, proven)) return { kind: 'unknown' }
  const list = await listOf(deps.lists, found.signup)
  const outcome = await inTransaction(deps.db, (trx) =>
    act(trx, deps, found, { by: 'api', ...input, at: deps.now() }),
  )
  if (outcome === 'confirmed') {
    const counted = { list: list.slug, source: found.signup.source, domain: domainOf(found.letter.recipient) }
    deps.tally.count('confirmed', counted)
    deps.metrics.confirmed()
    countDeclined(deps, 'declined-confirmed', { signup: found.signup, counted })
  }
  const email = found.letter.recipient
  const { locale } = found.signup
  if (outcome === 'confirmed' || outcome === 'already') return { kind: outcome, email, list, locale }
  return { kind: 'gone', code: outcome, list, email, locale }
}

async function act(
  trx: Trx,
  deps: Deps,
  found: SignupWithLetter,
  click: { at: Date; client: Client; by: ConfirmedBy },
): Promise<'confirmed' | 'already' | GoneCode> {
  const { letter } = found
  const { at, client, by } = click
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
    await recordEvent(trx, { ...event, type: 'clicked-again', detail: { by } })
    return 'already'
  }
  await confirmSignup(trx, signup, { letter, at, client: client.address })
  await recordEvent(trx, { ...event, type: 'confirmed', detail: { by } })
  if (locked.address.bounced_at !== null || locked.address.bounce_wait_seconds !== null) {
    await endBounceSuppression(trx, signup.address_hash)
  }
  const reading = readAddress(letter.recipient)
  if (reading.kind === 'address') {
    const { proven } = deps.suggesters
    await witnessDomain(trx, { ...deps, proven }, { address: reading.address, client, at })
  }
  await tellAboutLetters(trx, signup.id)
  return 'confirmed'
}
