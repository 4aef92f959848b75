// One person of a wave that is undone. Locks are taken as everywhere: address, signup, letter.
import { readAddress } from '../core/address.ts'
import { recordEvent } from '../store/events.ts'
import type { Trx } from '../store/open-database.ts'
import { endSignup, findLetter, lockSignup, newestLetterId, tellAboutLetters } from '../store/signups.ts'
import { endBounceSuppression } from '../store/suppressions.ts'
import { hasOpenSignup, putOff, type Refused } from '../store/undo-waves.ts'
import type { WaveRow } from '../store/waves.ts'
import { expireIfLate } from './expire-signups.ts'
import type { List } from './lists.ts'
import { entryFrom, record } from './send-again.ts'
import type { Service } from './service.ts'

export type BringBackDeps = Pick<Service, 'db' | 'ring' | 'addressKey' | 'rules' | 'lists' | 'pace' | 'now'>

/** `anew`: by a new signup; `again`: one more letter for a pending one. */
export type BroughtBack = 'anew' | 'again' | 'skipped'

type One = {
  readonly wave: WaveRow
  readonly refused: Refused
  readonly list: List
  readonly now: Date
  readonly dueAt: Date
}

export async function bringBack(trx: Trx, deps: BringBackDeps, one: One): Promise<BroughtBack> {
  const { wave, refused, list, now, dueAt } = one
  const locked = await lockSignup(trx, refused.signupId)
  if (locked === null) return 'skipped'
  const { signup, address } = locked
  const letter = await findLetter(trx, refused.letterId)
  if (letter?.state !== 'undeliverable') return 'skipped'
  const isNewest = (await newestLetterId(trx, signup.id)) === letter.id
  const status = isNewest ? await expireIfLate(trx, signup, now) : signup.status
  const isItsDoing =
    status === 'invalid'
      ? signup.ended_at?.getTime() === refused.at.getTime()
      : isNewest && (status === 'pending' || status === 'expired')
  if (!isItsDoing) return 'skipped'
  // said since by the owner of the address, or by another bounce: newer than what the wave said
  if (address.declined_until !== null && address.declined_until > now) return 'skipped'
  const isSuppressed = address.bounced_until !== null && address.bounced_until > now
  const isByWave = address.bounced_at !== null && address.bounced_at <= (wave.ended_at ?? now)
  if (isSuppressed && !isByWave) return 'skipped'
  if (address.bounced_at !== null && isByWave) {
    await endBounceSuppression(trx, signup.address_hash)
    const detail = { reason: address.bounce_category, wave: wave.id }
    await recordEvent(trx, { signupId: signup.id, type: 'suppression-lifted', at: now, detail })
  }
  // one that a newer release cannot read must not stop everybody behind it
  const reading = readAddress(signup.email)
  if (reading.kind === 'invalid') return 'skipped'
  const person = { listId: signup.list_id, addressHash: signup.address_hash, not: signup.id }
  if (await hasOpenSignup(trx, person)) return 'skipped'
  if (status !== 'pending') {
    await endSignup(trx, signup.id, { status: 'replaced', reason: null, at: now })
  }
  const client = { address: null, key: null, wideKey: null, agent: null }
  const entry = entryFrom(deps, { signup, list, address: reading.address, client })
  const outcome = await record(deps, trx, { entry, asker: 'admin', now })
  if (outcome.kind !== 'stored' && outcome.kind !== 'repeated') {
    throw new Error(`a letter of an undone wave was refused: ${outcome.kind}`)
  }
  await putOff(trx, { id: entry.letterId, waveId: wave.id, dueAt })
  const isAnew = outcome.kind === 'stored'
  await recordEvent(trx, {
    signupId: signup.id,
    type: isAnew ? 'brought-back' : 'resent',
    at: now,
    detail: isAnew ? { replaced_by: outcome.signupId, wave: wave.id } : { wave: wave.id },
  })
  await tellAboutLetters(trx, outcome.signupId)
  return isAnew ? 'anew' : 'again'
}
