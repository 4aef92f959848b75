// Everything known about a person, for whoever must answer that question.

import { type Address, readAddress } from '../core/address.ts'
import { hashAddress } from '../core/hash-address.ts'
import { inSnapshot } from '../store/open-database.ts'
import { type BounceRecord, type DepartureRecord, readBouncesOf, readDepartures } from '../store/people.ts'
import { searchSignups } from '../store/search-signups.ts'
import { findAddress, type Suppression, suppressionIn } from '../store/suppressions.ts'
import { addressSpellings } from './address-spellings.ts'
import { inFull, type SignupInFull } from './search-signups.ts'
import type { Service } from './service.ts'

export type Person = {
  readonly email: string
  readonly signups: readonly SignupInFull[]
  readonly suppression: Suppression | null
  readonly departures: readonly DepartureRecord[]
  readonly bounces: readonly BounceRecord[]
}

export type PersonOutcome =
  | { readonly kind: 'invalid-email' | 'unknown' }
  | { readonly kind: 'known'; readonly person: Person }

type Deps = Pick<Service, 'db' | 'addressKey' | 'now'>

export async function showPerson(deps: Deps, email: string): Promise<PersonOutcome> {
  const reading = readAddress(email)
  if (reading.kind === 'invalid') return { kind: 'invalid-email' }
  const person = await inSnapshot(deps.db, (db) => findPerson({ ...deps, db }, reading.address))
  const known = [person.signups, person.departures, person.bounces].some((found) => found.length > 0)
  return known || person.suppression !== null ? { kind: 'known', person } : { kind: 'unknown' }
}

async function findPerson(deps: Deps, address: Address): Promise<Person> {
  const now = deps.now()
  const addressHash = hashAddress(deps.addressKey, 'address', address.key)
  const signups = await searchSignups(deps.db, { now, addressHash })
  const row = await findAddress(deps.db, addressHash)
  const signupIds = signups.map((signup) => signup.id)
  return {
    email: address.email,
    signups: await inFull(deps, signups),
    suppression: row === null ? null : suppressionIn(row, now),
    departures: await readDepartures(deps.db, addressHash),
    bounces: await readBouncesOf(deps.db, { signupIds, spellings: addressSpellings(address) }),
  }
}
