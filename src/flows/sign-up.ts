// The front door: read the address, ask about a slip, and write the signup with its letter. Whatever is known about
// an address, the answer is the same; only the sealed handle knows what happened.
import { type Address, readAddress } from '../core/address.ts'
import { sealHandle } from '../core/handles.ts'
import { mayPost } from '../core/origin.ts'
import { TARGET_DOMAINS } from '../core/suggestion/target-list.ts'
import type { Suggestion } from '../core/suggestion.ts'
import type { BroughtAlong, ProofAsked } from './admission.ts'
import type { Client } from './client.ts'
import { countSuggestion } from './count-suggestion.ts'
import { type Examined, examineAddress } from './examine-address.ts'
import { handleFor } from './handle-for.ts'
import type { List } from './lists.ts'
import { makeEntry } from './make-entry.ts'
import type { Service } from './service.ts'

export type SignUpInput = BroughtAlong & {
  readonly email: string
  readonly list: string
  readonly asTyped: boolean
  readonly locale: (list: List) => string
  /** The language that the visitor's own browser or form names (BCP 47); else the list's counts. */
  readonly visitorLocale?: string | null
  readonly source: string | null
  readonly attributes: Readonly<Record<string, string>> | null
  readonly consent: string | null
  readonly honeypot: boolean
  readonly site?: string | null
  readonly client: Client
}

export type InvalidEmail = Extract<ReturnType<typeof readAddress>, { kind: 'invalid' }>

/** The same whatever is known about the address. */
export type Accepted = {
  readonly kind: 'accepted'
  readonly email: string
  readonly handle: string
  readonly expiresAt: Date
  readonly list: List
}

export type SignUpResult =
  | Accepted
  | {
      readonly kind: 'did-you-mean'
      readonly email: string
      readonly suggestion: Suggestion
      readonly list: List
    }
  | {
      readonly kind: 'domain-takes-no-mail'
      readonly email: string
      readonly suggestion: Suggestion | null
      readonly list: List
    }
  | { readonly kind: 'disposable-address'; readonly email: string; readonly list: List }
  | { readonly kind: 'invalid-email'; readonly invalid: InvalidEmail; readonly list: List }
  | { readonly kind: 'unknown-list' }
  | { readonly kind: 'origin-not-allowed'; readonly list: List }
  | { readonly kind: 'too-many'; readonly until: Date; readonly list: List }
  | (ProofAsked & { readonly list: List })

type Deps = Pick<
  Service,
  | 'ring'
  | 'addressKey'
  | 'rules'
  | 'lists'
  | 'admission'
  | 'groups'
  | 'pace'
  | 'tally'
  | 'metrics'
  | 'now'
  | 'suggested'
  | 'mailDomains'
  | 'suggesters'
>

export async function signUp(deps: Deps, input: SignUpInput): Promise<SignUpResult> {
  const list = await deps.lists.find(input.list)
  if (list === null) {
    deps.metrics.signup('unknown-list')
    return { kind: 'unknown-list' }
  }
  if (!mayPost(list.allowedOrigins, input.site ?? null)) {
    deps.metrics.signup('origin-not-allowed')
    return { kind: 'origin-not-allowed', list }
  }
  const reading = input.honeypot ? readTrapped(input.email) : readAddress(input.email)
  if (reading.kind === 'invalid') {
    deps.metrics.signup('invalid-email')
    const shown = reading.suggestion
    if (shown !== null) countShown(deps, { input, list, shown })
    return { kind: 'invalid-email', invalid: reading, list }
  }
  const { address } = reading
  const found = address.domain === '' ? trapped : await examine(deps, { input, list, reading })
  // whoever is trapped is looked at all the same: an answer that came sooner would tell
  const examined = input.honeypot ? trapped : found
  if (examined.kind !== 'fine') return refuse(deps, { input, list, address, examined })
  const asked = await deps.admission.admit(input)
  if (asked !== null) return { ...asked, list }
  const { declined, disposable } = examined
  const until = deps.admission.limitedUntil(input.client)
  if (until !== null) return tooMany(deps, { client: input.client, list, until })
  const entry = makeEntry(deps, { ...input, list, address, declined, disposable })
  const outcome = await deps.groups.add(entry)
  if (outcome.kind === 'too-many') return tooMany(deps, { client: input.client, list, until: outcome.until })
  deps.admission.seen(input.client, outcome)
  const now = deps.now()
  const counted = { list: list.slug, source: input.source, domain: address.domain }
  if (outcome.kind !== 'ignored') {
    const taken = declined === null ? deps.suggested.taken(input.client.key, address.email) : null
    if (declined !== null) countSuggestion(deps, { event: 'declined', reason: declined.reason }, counted)
    else if (taken !== null) countSuggestion(deps, { event: 'taken', reason: taken }, counted)
  }
  if (outcome.kind === 'stored') {
    deps.tally.count('signups', counted)
    if (disposable) deps.tally.count('disposable', counted)
  }
  deps.metrics.signup(outcome.kind === 'ignored' ? 'honeypot' : 'accepted')
  return {
    kind: 'accepted',
    email: address.email,
    handle: sealHandle(deps.ring, handleFor(deps, outcome, { entry, now })),
    expiresAt: new Date(now.getTime() + deps.rules.confirmWithin * 1000),
    list,
  }
}

/** Said by the database, or known here without asking it. */
function tooMany(
  deps: Pick<Deps, 'admission' | 'metrics'>,
  { client, list, until }: { client: Client; list: List; until: Date },
): SignUpResult {
  deps.admission.seen(client, { kind: 'too-many', until })
  deps.metrics.signup('limited')
  return { kind: 'too-many', until, list }
}

const trapped = { kind: 'fine', declined: null, disposable: false } as const

type Refused = Exclude<Examined, { kind: 'fine' }>
type Read = Extract<ReturnType<typeof readAddress>, { kind: 'address' }>

function examine(
  deps: Deps,
  { input, list, reading }: { input: SignUpInput; list: List; reading: Read },
): Promise<Examined> {
  const { address, question } = reading
  const locale = input.visitorLocale ?? list.locale
  return examineAddress(deps, { address, question, list, locale, asTyped: input.asTyped })
}

function refuse(
  deps: Deps,
  refused: { input: SignUpInput; list: List; address: Address; examined: Refused },
): SignUpResult {
  const { input, list, address, examined } = refused
  deps.metrics.signup(examined.kind)
  if (examined.kind === 'disposable-address') return { ...examined, email: address.email, list }
  const shown = examined.suggestion
  if (shown !== null) countShown(deps, { input, list, shown })
  return { ...examined, email: address.email, list }
}

/**
 * Nothing is stored about who only asks: neither what was typed nor where. No limit holds for them either, so only
 * domains that are not of their making are counted by name.
 */
function countShown(
  deps: Deps,
  { input, list, shown }: { input: SignUpInput; list: List; shown: Suggestion },
): void {
  deps.suggested.shown(input.client.key, shown)
  const isOurs = TARGET_DOMAINS.has(shown.domain) || deps.suggesters.of(list).isOwn(shown.domain)
  const counted = { list: list.slug, source: null, domain: isOurs ? shown.domain : 'other' }
  countSuggestion(deps, { event: 'shown', reason: shown.reason }, counted)
}

/** Whoever fills in the honeypot gets the ordinary answer, whatever the address is: nothing happens to it. */
function readTrapped(email: string): { kind: 'address'; address: Address; question: null } {
  const reading = readAddress(email)
  if (reading.kind === 'address') return { ...reading, question: null }
  const shown = email.trim().slice(0, 320)
  return {
    kind: 'address',
    address: { email: shown, local: '', domain: '', key: '', mailbox: '' },
    question: null,
  }
}
