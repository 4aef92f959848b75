// Forgetting a person everywhere, in one transaction. A suppression in force stays as a hash, so that nobody can bring
// letters back by signing the address up again; whoever copies a list is told for 90 days that the person is gone.
import { readAddress } from '../core/address.ts'
import { hashAddress } from '../core/hash-address.ts'
import { recordAct } from '../store/events.ts'
import { inTransaction } from '../store/open-database.ts'
import {
  allowTime,
  eraseAddress,
  eraseMailbox,
  eraseSignups,
  eraseUnmatched,
  turnIntoErased,
} from '../store/people.ts'
import { lockAddress } from '../store/signups.ts'
import { addressSpellings } from './address-spellings.ts'
import { erasedKeptMs } from './export-departures.ts'
import { forgetWitness } from './proven-domains.ts'
import type { Service } from './service.ts'

export type ErasePersonDeps = Pick<Service, 'db' | 'addressKey' | 'now'> & {
  /** Letters to the address that lie in the dev mailbox. */
  readonly eraseFromMailbox: (email: string) => Promise<void>
}

/** Unmatched reports may be ten thousand of 64 KB. */
const mostSeconds = 300

/** False where no address can be read. Erasing somebody who is not known does nothing. */
export async function erasePerson(deps: ErasePersonDeps, email: string): Promise<boolean> {
  const reading = readAddress(email)
  if (reading.kind === 'invalid') return false
  const { address } = reading
  const hash = hashAddress(deps.addressKey, 'address', address.key)
  const mailbox = hashAddress(deps.addressKey, 'mailbox', address.mailbox)
  const spellings = addressSpellings(address)
  await inTransaction(deps.db, async (trx) => {
    const at = deps.now()
    await allowTime(trx, mostSeconds)
    let reports = await eraseUnmatched(trx, { spellings, since: null })
    const row = await lockAddress(trx, hash)
    await eraseMailbox(trx, mailbox, at)
    await forgetWitness(trx, deps, address)
    await turnIntoErased(trx, { hash, at, keptAfter: new Date(at.getTime() - erasedKeptMs) })
    const signups = await eraseSignups(trx, hash)
    await eraseAddress(trx, row, at)
    // those that came in while the many were gone through
    reports += await eraseUnmatched(trx, { spellings, since: at })
    await recordAct(trx, { type: 'erased', at, detail: { signups, reports } })
  })
  await deps.eraseFromMailbox(address.email)
  return true
}
