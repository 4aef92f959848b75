// One verdict for all doors: a report about a letter of ours is recorded, and where the letter is the newest of a
// pending signup, what it says happens to the signup. Idempotent: the same report twice is one report.
import { randomUUIDv7 } from 'node:crypto'
import { type Category, isAboutTheAddress } from '../core/bounce/category.ts'
import type { BounceDoor } from '../core/bounce/door.ts'
import { hardCategories, isHardBounce } from '../core/report/bounce-rate.ts'
import { suppressionAfter } from '../core/retry.ts'
import {
  type BounceRow,
  countBouncesOf,
  countFailuresOf,
  markLetterUndeliverable,
  recordBounce,
  recordUnmatched,
  startExpiry,
} from '../store/bounces.ts'
import { recordEvent } from '../store/events.ts'
import { inTransaction, type Trx } from '../store/open-database.ts'
import {
  type AddressRow,
  endSignup,
  findByLetter,
  findLetter,
  type LetterRow,
  lockSignup,
  newestLetterId,
  type SignupRow,
  tellAboutLetters,
} from '../store/signups.ts'
import { suppressAfterBounce } from '../store/suppressions.ts'
import { countDeclined } from './count-suggestion.ts'
import { declinable, declineSignup } from './decline.ts'
import { domainOf } from './domain-of.ts'
import { expireIfLate } from './expire-signups.ts'
import type { Service } from './service.ts'

export type ReportedFailure = {
  readonly category: Category
  readonly status: string | null
  readonly reply: string | null
  readonly recipient: string | null
  readonly rule: string | null
  /** The failure lies behind a forward: the address that was typed exists. */
  readonly forwarded: boolean
}

export type Bounce = {
  readonly door: BounceDoor
  readonly at: Date
  readonly fingerprint: Buffer
  /** The letter that a genuine token of ours named. */
  readonly letterId: string
  readonly report: ReportedFailure
}

type Deps = Pick<Service, 'db' | 'addressKey' | 'rules' | 'metrics' | 'tally' | 'lists'>

type Done = { readonly isNew: boolean; readonly ended: 'invalid' | 'declined' | null }

/** Whoever wrote a report wrote any bytes: what no text of the database can hold is left out of it. */
function storable<R extends { reply: string | null; recipient: string | null }>(report: R): R {
  const clean = (text: string | null) => text?.replaceAll('\0', '').toWellFormed() ?? null
  return { ...report, reply: clean(report.reply), recipient: clean(report.recipient) }
}

/** False when the letter's row is purged: nothing is left for the report to be about. */
export async function receiveBounce(deps: Deps, received: Bounce): Promise<boolean> {
  const bounce = { ...received, report: storable(received.report) }
  const found = await findByLetter(deps.db, bounce.letterId)
  if (found === null) return false
  const done = await inTransaction(deps.db, async (trx) => {
    const applied = await apply(trx, deps, bounce, found.letter.signup_id)
    const isHard = applied.isNew && isHardBounce(bounce.report.category)
    return {
      ...applied,
      isFirstHard: isHard && (await countBouncesOf(trx, found.letter, hardCategories)) === 1,
      isAgainstSuggestion: applied.isNew && (await failsAgainstSuggestion(trx, bounce, found.signup)),
    }
  })
  if (!done.isNew) return true
  const list = await deps.lists.findById(found.signup.list_id)
  const counted = {
    list: list?.slug ?? '',
    source: found.signup.source,
    domain: domainOf(found.letter.recipient),
  }
  deps.metrics.bounce(bounce.door, bounce.report.category)
  deps.tally.count(`bounces/${bounce.report.category}`, counted)
  if (bounce.door === 'relay') deps.tally.count('refused', counted)
  // a letter that comes back through two doors has bounced once
  if (done.isFirstHard) deps.tally.count('hard', counted)
  if (done.ended !== null) deps.tally.count(done.ended, counted)
  if (done.isAgainstSuggestion) {
    countDeclined(deps, 'declined-bounced', { signup: found.signup, counted })
  }
  return true
}

/** The first failure of a signup that was made against a suggestion, and never confirmed. */
async function failsAgainstSuggestion(trx: Trx, bounce: Bounce, signup: SignupRow): Promise<boolean> {
  if (signup.declined_suggestion === null || signup.confirmed_at !== null) return false
  const { category } = bounce.report
  if (category === 'complaint' || (category === 'temporary' && bounce.door !== 'relay')) return false
  return (await countFailuresOf(trx, signup.id)) === 1
}

async function apply(trx: Trx, deps: Deps, bounce: Bounce, signupId: string): Promise<Done> {
  const { report, at } = bounce
  const locked = await lockSignup(trx, signupId)
  const letter = locked === null ? null : await findLetter(trx, bounce.letterId)
  if (locked === null || letter === null) return { isNew: false, ended: null }
  const { signup } = locked
  const isNew = await recordBounce(trx, bounceRow(bounce), { id: letter.id, signupId })
  if (!isNew) return { isNew, ended: null }
  await recordEvent(trx, {
    signupId,
    letterId: letter.id,
    type: 'bounced',
    at,
    detail: {
      category: report.category,
      status: report.status,
      reply: report.reply,
      rule: report.rule,
      door: bounce.door,
      forwarded: report.forwarded,
    },
  })
  if (report.category === 'complaint') {
    const declined = await declineSignup(trx, locked, {
      of: declinable(deps, signup),
      why: 'complaint',
      at,
      client: null,
      letterId: letter.id,
    })
    if (declined) await tellAboutLetters(trx, signupId)
    return { isNew, ended: declined ? 'declined' : null }
  }
  const isNewest = (await newestLetterId(trx, signupId)) === letter.id
  // what another process has sent meanwhile is not refused by this one's answer
  const isStale = bounce.door === 'relay' && letter.state !== 'queued'
  // a provider tells of one failure more than once, and less precisely later
  const saysMore = letter.state !== 'undeliverable' || isAboutTheAddress(report.category)
  if (!isStale && saysMore && (isNewest || letter.state === 'queued')) {
    await markLetterUndeliverable(trx, letter, { ...report, at, duringSending: bounce.door === 'relay' })
  }
  const isPending = (await expireIfLate(trx, signup, at)) === 'pending'
  const ended =
    isPending && isNewest && !isStale ? await judgeSignup(trx, bounce, { ...locked, letter }, deps) : null
  if (isPending && ended === null) {
    await startExpiry(trx, signup.id, new Date(at.getTime() + deps.rules.confirmWithin * 1000))
  }
  await tellAboutLetters(trx, signupId)
  return { isNew, ended }
}

async function judgeSignup(
  trx: Trx,
  bounce: Bounce,
  locked: { signup: SignupRow; address: AddressRow; letter: LetterRow },
  deps: Deps,
): Promise<'invalid' | null> {
  const { signup, address, letter } = locked
  const { report, at } = bounce
  if (!isAboutTheAddress(report.category)) return null
  await endSignup(trx, signup.id, { status: 'invalid', reason: report.category, at })
  await recordEvent(trx, { signupId: signup.id, type: 'invalid', at, detail: { reason: report.category } })
  // A letter from before the suppression that there is tells nothing that is not known: it does not double the wait.
  // One that the admin has asked for since is another trial.
  const isKnown = address.bounced_at !== null && letter.created_at <= address.bounced_at
  if (report.category === 'mailbox-does-not-exist' && !report.forwarded && !isKnown) {
    const waitSeconds = suppressionAfter(address.bounce_wait_seconds, deps.rules.suppressFor)
    const until = new Date(at.getTime() + waitSeconds * 1000)
    const { email } = signup
    await suppressAfterBounce(trx, signup.address_hash, { ...report, email, at, until, waitSeconds })
  }
  return 'invalid'
}

function bounceRow(
  bounce: Pick<Bounce, 'door' | 'at' | 'fingerprint'> & { report: NullableReport },
): BounceRow {
  const { report } = bounce
  return {
    id: randomUUIDv7(),
    at: bounce.at,
    door: bounce.door,
    fingerprint: bounce.fingerprint,
    category: report.category,
    status: report.status,
    reply: report.reply,
    recipient: report.recipient,
    rule: report.rule,
    forwarded: report.forwarded,
  }
}

type NullableReport = Omit<ReportedFailure, 'category'> & { readonly category: Category | null }

/** A message that names no letter of ours changes nothing and is kept to be looked at. */
export async function keepUnmatched(
  deps: Pick<Service, 'db' | 'metrics'>,
  unmatched: {
    door: BounceDoor
    at: Date
    fingerprint: Buffer
    report: NullableReport
    raw: Uint8Array
  },
): Promise<void> {
  const row = bounceRow({ ...unmatched, report: storable(unmatched.report) })
  await recordUnmatched(deps.db, row, unmatched.raw)
  deps.metrics.bounce(unmatched.door, 'unmatched')
}
