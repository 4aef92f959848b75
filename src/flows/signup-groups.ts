// Group commit: signups that arrive while a group is being written form the next one. No timer is needed, nothing
// is lost at low load, and every answer waits for its commit.
import { type Db, isAboutData, isConflict } from '../store/open-database.ts'
import {
  recordSignups,
  type SignupEntry,
  type SignupLimits,
  type SignupOutcome,
} from '../store/record-signups.ts'
import { openTellSenders } from './tell-senders.ts'

const mostInGroup = 128
const mostInFlight = 2
/** A statement has a price of its own, whatever its length: with one under way a second waits for so many signups. */
const worthASecond = 16
const mostWaiting = 2_000
/** Each needs a statement of its own: who sends one address over and over must not fill the house for all others. */
const mostOfOneMailbox = mostWaiting / 2
const mostTries = 3

/** The house is full: the door answers 503 and asks to come again. */
export class TooManyWaiting extends Error {
  override readonly name = 'TooManyWaiting'
}

export type SignupGroups = {
  /** Resolves once the signup is committed, or decided against. */
  add(entry: SignupEntry): Promise<SignupOutcome>
  waiting(): number
}

type Waiting = {
  readonly entry: SignupEntry
  readonly mailbox: string
  readonly resolve: (outcome: SignupOutcome) => void
  readonly reject: (error: unknown) => void
}

export type SignupGroupsDeps = {
  readonly db: Db
  /** Connections for the groups alone; those of `db` unless given. */
  readonly groups?: Db
  readonly limits: SignupLimits
  readonly keyId: string
  readonly now: () => Date
  readonly observe?: (group: { size: number; seconds: number }) => void
}

export function openSignupGroups(deps: SignupGroupsDeps): SignupGroups {
  const { db, groups = db, limits, keyId, now } = deps
  let queue: Waiting[] = []
  /** How many of a mailbox wait. */
  const ofMailbox = new Map<string, number>()
  let inFlight = 0
  let scheduled = false
  const tellSenders = openTellSenders(db)

  function record(group: readonly Waiting[]): Promise<SignupOutcome[]> {
    return recordSignups(groups, {
      entries: group.map((one) => one.entry),
      limits,
      asker: 'visitor',
      keyId,
      now: now(),
    })
  }

  /** A mailbox that stands in the group already waits for the next one; it is never merged. */
  function takeGroup(): Waiting[] {
    const group: Waiting[] = []
    const left: Waiting[] = []
    const mailboxes = new Set<string>()
    for (const one of queue) {
      if (group.length < mostInGroup && !mailboxes.has(one.mailbox)) {
        mailboxes.add(one.mailbox)
        group.push(one)
        const left = (ofMailbox.get(one.mailbox) ?? 1) - 1
        if (left === 0) ofMailbox.delete(one.mailbox)
        else ofMailbox.set(one.mailbox, left)
      } else left.push(one)
    }
    queue = left
    return group
  }

  async function write(group: readonly Waiting[], tries = 1): Promise<void> {
    try {
      const outcomes = await record(group)
      for (const [index, one] of group.entries()) {
        const outcome = outcomes[index]
        if (outcome === undefined) one.reject(new Error('the group statement did not answer for an entry'))
        else one.resolve(outcome)
      }
      if (outcomes.some((outcome) => 'signupId' in outcome)) tellSenders()
    } catch (error) {
      if (isConflict(error) && tries < mostTries) return write(group, tries + 1)
      // One bad row must not cost the others their signup.
      if (isAboutData(error) && group.length > 1) {
        for (const one of group) await write([one])
        return
      }
      for (const one of group) one.reject(error)
    }
  }

  function pump(): void {
    scheduled = false
    while (inFlight < mostInFlight && queue.length >= (inFlight === 0 ? 1 : worthASecond)) {
      const group = takeGroup()
      const start = performance.now()
      inFlight++
      void write(group).finally(() => {
        inFlight--
        deps.observe?.({ size: group.length, seconds: (performance.now() - start) / 1000 })
        pump()
      })
    }
  }

  return {
    add(entry) {
      const mailbox = entry.mailboxHash.toString('latin1')
      const alike = ofMailbox.get(mailbox) ?? 0
      if (queue.length >= mostWaiting || alike >= mostOfOneMailbox)
        return Promise.reject(new TooManyWaiting('too many signups are waiting'))
      ofMailbox.set(mailbox, alike + 1)
      return new Promise((resolve, reject) => {
        queue.push({ entry, mailbox, resolve, reject })
        if (!scheduled) {
          scheduled = true
          setImmediate(pump)
        }
      })
    },
    waiting: () => queue.length,
  }
}
