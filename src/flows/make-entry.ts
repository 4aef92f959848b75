// What the group statement is given for a signup, or for a further letter about one.
import { randomUUIDv7 } from 'node:crypto'
import type { Address } from '../core/address.ts'
import { hashAddress } from '../core/hash-address.ts'
import type { Suggestion } from '../core/suggestion.ts'
import type { SignupEntry } from '../store/record-signups.ts'
import type { Client } from './client.ts'
import type { List } from './lists.ts'
import type { Service } from './service.ts'

/** What was put in, once the list is found and the address read. */
type EntryInput = {
  readonly list: List
  readonly address: Address
  readonly locale: (list: List) => string
  readonly source: string | null
  readonly attributes: Readonly<Record<string, string>> | null
  readonly consent: string | null
  readonly honeypot: boolean
  readonly client: Client
  readonly declined: Pick<Suggestion, 'domain'> | null
  readonly disposable: boolean
}

/** Ids are made here, before the statement, so that a retry after a lost connection finds what was committed. */
export function makeEntry(deps: Pick<Service, 'addressKey'>, input: EntryInput): SignupEntry {
  const { list, address, client } = input
  const signupId = randomUUIDv7()
  return {
    signupId,
    letterId: randomUUIDv7(),
    listId: list.id,
    consentVersion: list.consentVersion,
    addressHash: hashAddress(deps.addressKey, 'address', address.key),
    // nothing is written for whoever is trapped, so they need not wait for each other
    mailboxHash: hashAddress(deps.addressKey, 'mailbox', input.honeypot ? signupId : address.mailbox),
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
    declinedSuggestion: input.declined?.domain ?? null,
    disposable: input.disposable,
  }
}
