// The cellar: what has been kept long enough goes (contract, FORGET_AFTER, KEEP_IP, KEEP_UNSUBSCRIBED). A genuine link
// whose row is gone answers as expired; daily counters hold no persons and stay.
import {
  type Batch,
  deleteClients,
  deleteDepartures,
  deleteEndedSignups,
  deleteUnmatched,
  deleteWitnesses,
  forgetClients,
} from '../store/purge.ts'
import { forgetAddresses, forgetMailboxes, type Step } from '../store/purge-addresses.ts'
import type { Rules, Service } from './service.ts'

export type Purged = {
  readonly signups: number
  /** events whose client address and agent are forgotten */
  readonly clients: number
  readonly unmatched: number
  readonly departures: number
  /** people's rows that are gone, and those of which a suppression leaves only a hash */
  readonly addresses: number
  readonly addressesEmptied: number
  readonly mailboxes: number
  readonly counters: number
  /** who confirmed at a domain that nobody else stood for since */
  readonly witnesses: number
}

const day = 86_400
const unmatchedSeconds = 30 * day
const erasedSeconds = 90 * day
/** A visitor's handle lives a day and may ask about an address that has no signup. */
const seenSeconds = day
/** Counting windows are forgotten well after they are over: the clocks of two processes may differ. */
const graceSeconds = 3_600

/** Rows a statement: some tens of milliseconds. Batches a turn: so that a backlog does not hold up a stop. */
const atOnce = 1_000
const walkedAtOnce = 5_000
const mostBatches = 100
const mostSteps = 20

/** Where the walks over people's rows go on in the next turn. */
export type PurgePlaces = { address: Buffer | null; mailbox: Buffer | null }

export function newPurgePlaces(): PurgePlaces {
  return { address: null, mailbox: null }
}

export async function purge(
  deps: Pick<Service, 'db' | 'now' | 'rules' | 'log'>,
  places: PurgePlaces = newPurgePlaces(),
): Promise<Purged> {
  const { db, rules } = deps
  const now = deps.now()
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
  const { perClient } = rules.limits
  const failures: unknown[] = []
  /** What cannot be done now must not keep the rest: the others are overdue as well by then. */
  async function part<T>(run: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await run()
    } catch (error) {
      failures.push(error)
      return otherwise
    }
  }
  const all = (one: (limit: number) => Promise<Batch>) => part(() => inBatches(one), 0)
  const endedBefore = { before: ago(rules.forgetAfter), unsubscribedBefore: ago(rules.keepUnsubscribed) }
  const signups = await all((limit) => deleteEndedSignups(db, { ...endedBefore, now, limit }))
  const clients = await all((limit) => forgetClients(db, { before: ago(rules.keepIp), limit }))
  const unmatched = await all((limit) => deleteUnmatched(db, { before: ago(unmatchedSeconds), limit }))
  const left = { before: ago(rules.keepUnsubscribed), erasedBefore: ago(erasedSeconds) }
  const departures = await all((limit) => deleteDepartures(db, { ...left, limit }))
  const window = (perClient?.seconds ?? 0) + graceSeconds
  const counters = await all((limit) => deleteClients(db, { before: ago(window), limit }))
  const witnesses = await all((limit) => deleteWitnesses(db, { before: ago(rules.keepUnsubscribed), limit }))
  const steps = (after: Buffer | null, one: (after: Buffer | null) => Promise<Step>) =>
    part(() => walk(after, one), { last: after, deleted: 0, emptied: 0 })
  const addresses = await steps(places.address, (after) =>
    forgetAddresses(db, { after, now, seenBefore: ago(seenSeconds), atOnce: walkedAtOnce }),
  )
  places.address = addresses.last
  const before = ago(longestWindow(rules) + graceSeconds)
  const mailboxes = await steps(places.mailbox, (after) =>
    forgetMailboxes(db, { after, before, atOnce: walkedAtOnce }),
  )
  places.mailbox = mailboxes.last
  const purged: Purged = {
    signups,
    clients,
    unmatched,
    departures,
    addresses: addresses.deleted,
    addressesEmptied: addresses.emptied,
    mailboxes: mailboxes.deleted,
    counters,
    witnesses,
  }
  const some = Object.values(purged).some((n) => n > 0)
  deps.log[some ? 'info' : 'debug']('purged', purged)
  if (failures.length > 0) throw failures[0]
  return purged
}

/** How often to look, in seconds: nothing is kept a tenth longer than it may be, nor a quarter of an hour. */
export function purgeEvery({ forgetAfter, keepIp, keepUnsubscribed }: Rules): number {
  return Math.min(15 * 60, Math.max(5, Math.min(forgetAfter, keepIp, keepUnsubscribed) / 10))
}

function longestWindow({ limits }: Rules): number {
  const { perList, perMailbox } = limits
  return Math.max(perList?.seconds ?? 0, perList?.pauseSeconds ?? 0, perMailbox?.seconds ?? 0)
}

/** Until nothing is left, or what is left is in use, or the turn has been long enough: the rest comes next time. */
async function inBatches(run: (limit: number) => Promise<Batch>): Promise<number> {
  let all = 0
  for (let batches = 0; batches < mostBatches; batches++) {
    const { found, done } = await run(atOnce)
    all += done
    if (found < atOnce || done === 0) break
  }
  return all
}

/** Some way from `after` on; `last` is where the next turn goes on, null when the walk is over. */
async function walk(after: Buffer | null, run: (after: Buffer | null) => Promise<Step>): Promise<Step> {
  const sum = { last: after, deleted: 0, emptied: 0 }
  for (let steps = 0; steps < mostSteps; steps++) {
    const step: Step = await run(sum.last)
    sum.last = step.last
    sum.deleted += step.deleted
    sum.emptied += step.emptied
    if (step.last === null) break
  }
  return sum
}
