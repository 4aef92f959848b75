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
  const signups = await inBatches((limit) =>
    deleteEndedSignups(db, {
      before: ago(rules.forgetAfter),
      unsubscribedBefore: ago(rules.keepUnsubscribed),
      now,
      limit,
    }),
  )
  const clients = await inBatches((limit) => forgetClients(db, { before: ago(rules.keepIp), limit }))
  const unmatched = await inBatches((limit) => deleteUnmatched(db, { before: ago(unmatchedSeconds), limit }))
  const departures = await inBatches((limit) =>
    deleteDepartures(db, { before: ago(rules.keepUnsubscribed), erasedBefore: ago(erasedSeconds), limit }),
  )
  const counters = await inBatches((limit) =>
    deleteClients(db, { before: ago((perClient?.seconds ?? 0) + graceSeconds), limit }),
  )
  const witnesses = await inBatches((limit) =>
    deleteWitnesses(db, { before: ago(rules.keepUnsubscribed), limit }),
  )
  const addresses = await walk(places.address, (after) =>
    forgetAddresses(db, { after, now, seenBefore: ago(seenSeconds), atOnce: walkedAtOnce }),
  )
  places.address = addresses.last
  const mailboxes = await walk(places.mailbox, (after) =>
    forgetMailboxes(db, { after, before: ago(longestWindow(rules) + graceSeconds), atOnce: walkedAtOnce }),
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
  return purged
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
