// The domains that this installation's own subscribers have proven to be real: kept in memory, told to every process
// the moment one is added, and compared with the database by the clock.
import type { Address } from '../core/address.ts'
import { hashAddress } from '../core/hash-address.ts'
import { isProven } from '../core/proven-domain.ts'
import { TARGET_DOMAINS } from '../core/suggestion/target-list.ts'
import type { Notices } from '../store/notices.ts'
import type { Db, Trx } from '../store/open-database.ts'
import {
  addWitness,
  eraseWitness,
  proveDomain,
  readProvenDomains,
  readProvenMark,
} from '../store/proven-domains.ts'
import { type Caller, networkOf } from './network-of.ts'

export type ProvenDomains = {
  /** `domain` is in lower case ASCII. */
  has(domain: string): boolean
  /** Reads them again where the database has others. */
  refresh(): Promise<void>
}

/** Some 20 MB at most; beyond it the oldest are questioned again. */
const mostKept = 200_000

export async function openProvenDomains(db: Db, notices: Notices): Promise<ProvenDomains> {
  let names: ReadonlySet<string> = new Set()
  let mark = ''
  const told = new Set<string>()

  async function read(): Promise<void> {
    const now = await readProvenMark(db)
    if (now === mark && told.size === 0) return
    const before = [...told]
    names = new Set(await readProvenDomains(db, mostKept))
    // what was told before was committed before: if it is not there, it was taken out
    for (const name of before) told.delete(name)
    mark = now
  }

  let reading = Promise.resolve()
  function refresh(): Promise<void> {
    reading = reading.then(read, read)
    return reading
  }

  notices.listen('ayes_domains', (name) => {
    if (name !== '') told.add(name)
    // whoever begins to listen may have missed some; what fails now the clock makes good
    else refresh().catch(() => {})
  })
  await refresh()
  return {
    has: (domain) => names.has(domain) || told.has(domain),
    refresh,
  }
}

type Deps = { readonly addressKey: Buffer }

function hashes({ addressKey }: Deps, { domain, mailbox }: Address) {
  return {
    domain: hashAddress(addressKey, 'domain', domain),
    person: hashAddress(addressKey, 'witness', mailbox),
  }
}

/**
 * Somebody has confirmed an address at the domain. A target needs no proof. Part of the confirmation's transaction,
 * after its other locks.
 */
export async function witnessDomain(
  trx: Trx,
  deps: Deps & { readonly proven: ProvenDomains },
  seen: { address: Address; client: Caller; at: Date },
): Promise<void> {
  const { address, client, at } = seen
  const name = address.domain
  if (TARGET_DOMAINS.has(name) || deps.proven.has(name)) return
  const network = networkOf(client)
  const found = hashes(deps, address)
  const witnesses = await addWitness(trx, {
    ...found,
    name,
    network: network === null ? null : hashAddress(deps.addressKey, 'network', network),
    at,
  })
  if (witnesses !== null && isProven(witnesses)) await proveDomain(trx, { name, domain: found.domain })
}

/** What an erased person stood for is forgotten with them; a domain that is proven has forgotten them already. */
export async function forgetWitness(trx: Trx, deps: Deps, address: Address): Promise<void> {
  await eraseWitness(trx, hashes(deps, address))
}
