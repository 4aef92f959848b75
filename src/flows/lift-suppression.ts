// The admin lets letters go to an address again: after a bounce that was wrong, or when its owner asks for it.
import { readAddress } from '../core/address.ts'
import { hashAddress } from '../core/hash-address.ts'
import { readPageCursor, writePageCursor } from '../core/page-cursor.ts'
import { recordAct, recordEvent } from '../store/events.ts'
import { inTransaction } from '../store/open-database.ts'
import { searchSignups } from '../store/search-signups.ts'
import { lockAddress } from '../store/signups.ts'
import {
  endBounceSuppression,
  endDeclined,
  findAddress,
  listSuppressions,
  type Suppression,
  suppressionIn,
} from '../store/suppressions.ts'
import type { Service } from './service.ts'

export type { Suppression } from '../store/suppressions.ts'

type Deps = Pick<Service, 'db' | 'addressKey' | 'now'>

export type SuppressionsPage =
  | { readonly kind: 'bad-cursor' }
  | { readonly kind: 'page'; readonly items: readonly Suppression[]; readonly next: string | null }

/** Those in force. */
export async function showSuppressions(
  deps: Pick<Service, 'db' | 'now'>,
  page: { limit: number; cursor: string | null },
): Promise<SuppressionsPage> {
  const after = page.cursor === null ? null : readPageCursor(page.cursor, 16)
  if (page.cursor !== null && after === null) return { kind: 'bad-cursor' }
  const found = await listSuppressions(deps.db, { now: deps.now(), after, limit: page.limit + 1 })
  const items = found.slice(0, page.limit)
  const last = items.at(-1)
  const next = found.length > items.length && last !== undefined ? writePageCursor(last.hash) : null
  return { kind: 'page', items, next }
}

export type LiftOutcome = 'lifted' | 'none' | 'invalid-email'

/** Both kinds end, and the next bounce begins anew with a day. */
export async function liftSuppression(deps: Deps, email: string): Promise<LiftOutcome> {
  const reading = readAddress(email)
  if (reading.kind === 'invalid') return 'invalid-email'
  const hash = hashAddress(deps.addressKey, 'address', reading.address.key)
  if ((await findAddress(deps.db, hash)) === null) return 'none'
  return inTransaction(deps.db, async (trx) => {
    const at = deps.now()
    const suppression = suppressionIn(await lockAddress(trx, hash), at)
    if (suppression === null) return 'none'
    await endBounceSuppression(trx, hash)
    await endDeclined(trx, {
      hash,
      mailbox: hashAddress(deps.addressKey, 'mailbox', reading.address.mailbox),
    })
    const detail = { reason: suppression.reason, until: suppression.until.toISOString() }
    const [newest] = await searchSignups(trx, { now: at, addressHash: hash, limit: 1 })
    if (newest !== undefined) {
      await recordEvent(trx, { signupId: newest.id, type: 'suppression-lifted', at, detail })
    }
    await recordAct(trx, { type: 'suppression-lifted', at, detail })
    return 'lifted'
  })
}
