// The front door: read the address, ask about a slip, and write the signup with its letter. Whatever is known about
// an address, the answer is the same; only the sealed handle knows what happened.
import { randomUUIDv7 } from 'node:crypto'
import { type Address, readAddress } from '../core/address.ts'
import { type Handle, sealHandle } from '../core/handles.ts'
import { hashAddress } from '../core/hash-address.ts'
import { nearestTarget } from '../core/suggestion/nearest-target.ts'
import { TARGET_DOMAINS } from '../core/suggestion/target-list.ts'
import { type Suggestion, suggest } from '../core/suggestion.ts'
import type { SignupEntry, SignupOutcome } from '../store/record-signups.ts'
import type { List } from './lists.ts'
import type { Service } from './service.ts'

export type SignUpInput = {
  readonly email: string
  readonly list: string
  readonly asTyped: boolean
  readonly locale: (list: List) => string
  readonly source: string | null
  readonly attributes: Readonly<Record<string, string>> | null
  readonly consent: string | null
  readonly honeypot: boolean
  readonly client: Client
}

/** Who asks. `key` and `wideKey` are what the limit counts by. */
export type Client = {
  readonly address: string | null
  readonly key: string | null
  readonly wideKey: string | null
  readonly agent: string | null
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
  | { readonly kind: 'invalid-email'; readonly invalid: InvalidEmail; readonly list: List }
  | { readonly kind: 'unknown-list' }
  | { readonly kind: 'too-many'; readonly until: Date; readonly list: List }

type Deps = Pick<
  Service,
  | 'ring'
  | 'addressKey'
  | 'rules'
  | 'lists'
  | 'groups'
  | 'pace'
  | 'tally'
  | 'metrics'
  | 'now'
  | 'suggested'
  | 'mailDomains'
>

export async function signUp(deps: Deps, input: SignUpInput): Promise<SignUpResult> {
  const list = await deps.lists.find(input.list)
  if (list === null) {
    deps.metrics.signup('unknown-list')
    return { kind: 'unknown-list' }
  }
  const reading = input.honeypot ? readTrapped(input.email) : readAddress(input.email)
  if (reading.kind === 'invalid') {
    deps.metrics.signup('invalid-email')
    return { kind: 'invalid-email', invalid: reading, list }
  }
  const { address } = reading
  const counted = { list: list.slug, source: input.source, domain: address.domain }
  const suggestion = input.honeypot ? null : (reading.question ?? suggest(address))
  if (suggestion !== null && !input.asTyped) {
    deps.suggested.shown(input.client.key, suggestion.email)
    // nothing is stored about who only asks: neither what was typed nor where
    deps.tally.count('suggestions-shown', { list: list.slug, source: null, domain: suggestion.domain })
    deps.metrics.suggestion('shown')
    deps.metrics.signup('did-you-mean')
    return { kind: 'did-you-mean', email: address.email, suggestion, list }
  }
  if (!input.honeypot && (await isDead(deps, address))) {
    deps.metrics.signup('domain-takes-no-mail')
    return { kind: 'domain-takes-no-mail', email: address.email, suggestion: insteadOf(address), list }
  }
  const entry = makeEntry(deps, { ...input, list, address })
  const outcome = await deps.groups.add(entry)
  const now = deps.now()
  if (outcome.kind === 'too-many') {
    deps.metrics.signup('limited')
    return { kind: 'too-many', until: outcome.until, list }
  }
  if (outcome.kind !== 'ignored') {
    if (suggestion !== null) {
      deps.tally.count('suggestions-declined', counted)
      deps.metrics.suggestion('declined')
    } else if (deps.suggested.taken(input.client.key, address.email)) {
      deps.tally.count('suggestions-taken', counted)
      deps.metrics.suggestion('taken')
    }
  }
  if (outcome.kind === 'stored') deps.tally.count('signups', counted)
  deps.metrics.signup(outcome.kind === 'ignored' ? 'honeypot' : 'accepted')
  return {
    kind: 'accepted',
    email: address.email,
    handle: sealHandle(deps.ring, handleFor(outcome, { entry, now, sentAfter: deps.pace.sample() })),
    expiresAt: new Date(now.getTime() + deps.rules.confirmWithin * 1000),
    list,
  }
}

/** The large providers are not asked about: no answer of the DNS would change ours. */
export async function isDead(
  deps: Pick<Service, 'mailDomains'>,
  address: Pick<Address, 'local' | 'domain'>,
): Promise<boolean> {
  return !TARGET_DOMAINS.has(address.domain) && deps.mailDomains.takesNoMail(address)
}

/** What to write instead of an address whose domain takes no mail. */
export function insteadOf({ local, domain }: Pick<Address, 'local' | 'domain'>): Suggestion | null {
  const nearest = nearestTarget(domain)
  if (nearest === null) return null
  return { email: `${local}@${nearest}`, domain: nearest, reason: 'domain-takes-no-mail' }
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

/** What was put in, once the list is found and the address read. */
type EntryInput = Omit<SignUpInput, 'email' | 'list' | 'asTyped'> & {
  readonly list: List
  readonly address: Address
}

/** Ids are made here, before the statement, so that a retry after a lost connection finds what was committed. */
export function makeEntry(deps: Pick<Service, 'addressKey'>, input: EntryInput): SignupEntry {
  const { list, address, client } = input
  return {
    signupId: randomUUIDv7(),
    letterId: randomUUIDv7(),
    listId: list.id,
    consentVersion: list.consentVersion,
    addressHash: hashAddress(deps.addressKey, 'address', address.key),
    mailboxHash: hashAddress(deps.addressKey, 'mailbox', address.mailbox),
    email: address.email,
    locale: input.locale(list),
    source: input.source,
    attributes: input.attributes,
    consentAsPosted: input.consent,
    client: client.address,
    clientKey: client.key,
    clientWideKey: client.wideKey,
    agent: client.agent,
    ignored: input.honeypot,
  }
}

/** Only a letter of a pending signup can be followed; everything else passes for one at the usual pace. */
export function handleFor(
  outcome: Exclude<SignupOutcome, { kind: 'too-many' }>,
  made: { entry: SignupEntry; now: Date; sentAfter: number },
): Handle {
  const about = { listId: made.entry.listId, issuedAt: made.now }
  switch (outcome.kind) {
    case 'stored':
    case 'repeated':
      return { kind: 'letter', letterId: made.entry.letterId, ...about }
    case 'bounced':
      return { kind: 'suppressed', addressHash: made.entry.addressHash, ...about }
    case 'already':
    case 'limited':
    case 'declined':
    case 'ignored':
      return { kind: 'quiet', sentAfter: made.sentAfter, ...about }
  }
}
