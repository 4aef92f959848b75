// The out-tray: claim what is due, send it with no transaction open, record what the relay said. A claim lives for
// `leaseMs` and is renewed while the relay thinks, so a relay that stalls gets one letter, and what a crashed process
// held goes out within a minute.
import { randomUUID } from 'node:crypto'
import type { Mailer } from '../mail/mailer.ts'
import { holdLetter } from '../store/held-letters.ts'
import {
  type ClaimedLetter,
  claimLetters,
  dropLetter,
  lookAgain,
  releaseLetters,
  renewClaims,
} from '../store/out-tray.ts'
import { domainOf } from './domain-of.ts'
import { fateOf } from './fate-of-letter.ts'
import { openAcceptances } from './record-acceptances.ts'
import { recordSendResult } from './record-send-result.ts'
import { openRelayWatch } from './relay-watch.ts'
import type { SendGuard } from './send-guard.ts'
import type { Service } from './service.ts'
import { untilRecorded } from './until-recorded.ts'
import { writeLetter } from './write-letter.ts'

const usualLeaseMs = 30_000
const mostClaimed = 500
/** Letters that the relay took and that are not written down yet would go out twice after a crash: no more than these. */
const mostHeld = 2 * mostClaimed
/** A letter claimed longer ago is looked at again before it goes: its owner may have said no meanwhile. */
const freshMs = 500
/** A letter whose key is missing is looked at again so often: somebody must start us with another setting anyway. */
const keylessPauseMs = 5 * 60_000

export type OutTrayDeps = Pick<
  Service,
  | 'db'
  | 'ring'
  | 'addressKey'
  | 'links'
  | 'lists'
  | 'rules'
  | 'templates'
  | 'now'
  | 'log'
  | 'metrics'
  | 'tally'
> & {
  readonly mailer: Mailer
  readonly concurrency: number
  /** How long a claim lives unless it is renewed. */
  readonly leaseMs?: number
  /** Without one nothing is ever held. */
  readonly guard?: Pick<SendGuard, 'hold'>
}

export type OutTray = {
  /** Begins with what is due, unless it is at it already; `drained` says when it is done. */
  nudge(): void
  /** The once form: sends what is due now, and resolves when all of it is recorded. */
  drained(): Promise<void>
  /** Gives back what was claimed and not begun, and waits for what is under way. */
  close(): Promise<void>
}

type Held = { readonly letter: ClaimedLetter; readonly claimedAt: number }

export function openOutTray(deps: OutTrayDeps): OutTray {
  const { db, log, now, concurrency, leaseMs = usualLeaseMs } = deps
  const name = randomUUID()
  /** Claimed, and not yet given back or recorded: their claims are renewed. */
  const held = new Map<string, Held>()
  const waiting: Held[] = []
  const acceptances = openAcceptances(deps, (letterId) => {
    held.delete(letterId)
    if (isFull && held.size < mostClaimed) nudge()
  })
  const relay = openRelayWatch(deps, () => nudge())
  const missingKeys = new Set<string>()
  const onDone: (() => void)[] = []
  let active = 0
  let running: Promise<void> | null = null
  let nudged = false
  let closing = false
  let isFull = false
  /** Milliseconds that a letter takes, as lately seen. */
  let pace = 1_000

  const later = (ms: number) => new Date(now().getTime() + ms)
  const renewal = setInterval(() => {
    renewClaims(db, name, [...held.keys()], later(leaseMs)).catch((error: unknown) =>
      log.warn('claims-not-renewed', { error }),
    )
  }, leaseMs / 4)
  renewal.unref()

  /** No more than goes out in a quarter of the lease; in doubt one letter finds out whether the relay is back. */
  async function claim(): Promise<number> {
    const goesOut = Math.floor((leaseMs / 4 / pace) * concurrency)
    const most = Math.min(mostClaimed, Math.max(concurrency, goesOut))
    isFull = held.size >= mostHeld
    if (isFull) return 0
    const limit = relay.isDoubtful() ? 1 : most - waiting.length
    const letters = await claimLetters(db, { name, limit, now: now(), until: later(leaseMs) })
    const claimedAt = performance.now()
    // After a while without the database one of ours may come again whose result is not written yet.
    const fresh = letters.filter((letter) => !held.has(letter.id)).map((letter) => ({ letter, claimedAt }))
    for (const one of fresh) held.set(one.letter.id, one)
    waiting.push(...fresh)
    return fresh.length
  }

  async function run(): Promise<void> {
    for (;;) {
      nudged = false
      const taken = waiting.length < concurrency && active < concurrency ? await claim() : null
      while (active < concurrency && waiting.length > 0 && !closing) begin()
      if (closing || (taken === 0 && waiting.length === 0 && !nudged) || relay.isPaused()) return
      if (active > 0 && (active >= concurrency || relay.isDoubtful())) await letterDone()
    }
  }

  function begin(): void {
    const one = waiting.shift()
    if (one === undefined) return
    active++
    const start = performance.now()
    send(one)
      .catch((error: unknown) => {
        // its claim is not renewed any more, so that it is taken up again when the lease is over
        held.delete(one.letter.id)
        log.error('letter-not-handled', { letter: one.letter.id, error })
      })
      .finally(() => {
        active--
        pace = pace * 0.9 + (performance.now() - start) * 0.1
        for (const wake of onDone.splice(0)) wake()
      })
  }

  function letterDone(): Promise<void> {
    return new Promise((resolve) => onDone.push(resolve))
  }

  async function send({ letter: claimed, claimedAt }: Held): Promise<void> {
    const isFresh = performance.now() - claimedAt < freshMs
    const letter = isFresh ? claimed : await lookAgain(db, claimed, { name, now: now() })
    // erased, or claimed by another process after a long silence of ours
    if (letter === null) return void held.delete(claimed.id)
    const list = await deps.lists.findById(letter.listId)
    if (list === null) throw new Error(`the letter's list ${letter.listId} is gone`)
    const fate = fateOf(deps, letter, now())
    if (fate.kind === 'wait') return putOff(letter, fate.missingKey)
    if (fate.kind === 'drop') {
      const expiresAt = later(deps.rules.confirmWithin * 1_000)
      await dropLetter(db, letter.id, { at: now(), why: fate.why, expiresAt })
      return void held.delete(letter.id)
    }
    const hold = await deps.guard?.hold(letter)
    if (hold != null && (await holdLetter(db, name, { letterId: letter.id, ...hold }))) {
      return void held.delete(letter.id)
    }
    const result = await deps.mailer.send(await writeLetter(deps, letter, list))
    if (result.kind === 'trouble') {
      relay.trouble(result.reply)
      return release([letter, ...waiting.splice(0).map((one) => one.letter)])
    }
    // a letter that cannot be sent at all may never have come to the relay
    if (result.kind !== 'impossible') relay.fine()
    if (result.kind === 'accepted') {
      const domain = domainOf(letter.recipient)
      deps.tally.count('letters', { list: list.slug, source: letter.source, domain })
      acceptances.add({ letterId: letter.id, reply: result.reply, at: now(), createdAt: letter.createdAt })
      return
    }
    // meanwhile the claim is renewed
    await untilRecorded(
      () => recordSendResult(deps, { letter, result, list }),
      (_, error) => {
        if (!closing) log.warn('send-result-not-recorded', { error })
        return !closing
      },
    )
    held.delete(letter.id)
  }

  /** What cannot be given back is not renewed either, and taken up when its lease is over. */
  async function release(letters: readonly ClaimedLetter[]): Promise<void> {
    const ids = letters.map((letter) => letter.id)
    for (const id of ids) held.delete(id)
    await releaseLetters(db, name, ids, now())
  }

  /** Said once for each key, however many letters wait for it. */
  async function putOff(letter: ClaimedLetter, key: string): Promise<void> {
    if (!missingKeys.has(key)) log.error('key-missing', { key, hint: 'put it into SECRET_KEYS_OLD' })
    missingKeys.add(key)
    held.delete(letter.id)
    await releaseLetters(db, name, [letter.id], later(keylessPauseMs))
  }

  async function releaseWaiting(): Promise<void> {
    const unbegun = waiting.splice(0).map((one) => one.letter)
    await release(unbegun).catch((error: unknown) => log.warn('claims-not-released', { error }))
  }

  function nudge(): void {
    nudged = true
    if (closing || relay.isPaused()) return
    running ??= run()
      .catch((error: unknown) => log.warn('letters-not-claimed', { error }))
      .finally(() => {
        running = null
        if (nudged && !closing && !relay.isPaused()) nudge()
      })
  }

  async function idle(): Promise<void> {
    while (running !== null || active > 0) {
      await running
      if (active > 0) await letterDone()
    }
  }

  return {
    nudge,
    async drained() {
      nudge()
      await idle()
      await acceptances.settled()
      await relay.settled()
    },
    async close() {
      closing = true
      await releaseWaiting()
      await idle()
      // what was being claimed at the call
      await releaseWaiting()
      await acceptances.close()
      await relay.settled()
      clearInterval(renewal)
    },
  }
}
