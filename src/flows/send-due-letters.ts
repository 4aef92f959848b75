// The out-tray: claim what is due, send it with no transaction open, record what the relay said. A claim lives for
// `leaseMs` and is renewed while the relay thinks, so a relay that stalls gets one letter, and what a crashed process
// held goes out within a minute.
import { randomUUID } from 'node:crypto'
import { relayPauseAfter } from '../core/retry.ts'
import type { Mailer } from '../mail/mailer.ts'
import {
  type ClaimedLetter,
  claimLetters,
  dropLetter,
  releaseLetters,
  renewClaims,
} from '../store/out-tray.ts'
import { recordRelayRecovered, recordRelayTrouble } from '../store/relay.ts'
import { domainOf } from './domain-of.ts'
import { openAcceptances } from './record-acceptances.ts'
import { recordSendResult } from './record-send-result.ts'
import type { Service } from './service.ts'
import { writeLetter } from './write-letter.ts'

const usualLeaseMs = 30_000
const mostClaimed = 500
const tryRecordingAgainMs = 1_000

export type OutTrayDeps = Pick<
  Service,
  'db' | 'ring' | 'links' | 'lists' | 'rules' | 'templates' | 'now' | 'log' | 'metrics' | 'tally'
> & {
  readonly mailer: Mailer
  readonly concurrency: number
  /** How long a claim lives unless it is renewed. */
  readonly leaseMs?: number
}

export type OutTray = {
  /** Begins with what is due, unless it is at it already; `drained` says when it is done. */
  nudge(): void
  /** The once form: sends what is due now, and resolves when all of it is recorded. */
  drained(): Promise<void>
  /** Gives back what was claimed and not begun, and waits for what is under way. */
  close(): Promise<void>
}

export function openOutTray(deps: OutTrayDeps): OutTray {
  const { db, log, metrics, now, concurrency, leaseMs = usualLeaseMs } = deps
  const name = randomUUID()
  const held = new Set<string>()
  const acceptances = openAcceptances(deps, (letterId) => held.delete(letterId))
  const waiting: ClaimedLetter[] = []
  let active = 0
  let running: Promise<void> | null = null
  let nudged = false
  const onDone: (() => void)[] = []
  let troubles = 0
  let resumeAt = 0
  /** False at first: the process before this one may have ended in the middle of trouble. */
  let isKnownFine = false
  let closing = false
  /** Milliseconds that a letter takes, as lately seen. */
  let pace = 1_000

  const renewal = setInterval(() => {
    renewClaims(db, name, [...held], later(leaseMs)).catch((error: unknown) =>
      log.warn('claims-not-renewed', { error }),
    )
  }, leaseMs / 4)
  renewal.unref()

  const later = (ms: number) => new Date(now().getTime() + ms)

  /** No more than goes out in a quarter of the lease; in trouble one letter finds out whether the relay is back. */
  async function claim(): Promise<number> {
    const goesOut = Math.floor((leaseMs / 4 / pace) * concurrency)
    const limit = troubles > 0 ? 1 : Math.min(mostClaimed, Math.max(concurrency, goesOut)) - waiting.length
    const letters = await claimLetters(db, { name, limit, now: now(), until: later(leaseMs) })
    for (const letter of letters) held.add(letter.id)
    waiting.push(...letters)
    return letters.length
  }

  async function run(): Promise<void> {
    for (;;) {
      nudged = false
      const taken = waiting.length < concurrency && active < concurrency ? await claim() : null
      while (active < concurrency && waiting.length > 0 && !closing) begin()
      if (closing || (taken === 0 && waiting.length === 0 && !nudged) || performance.now() < resumeAt) return
      if (active > 0 && (active >= concurrency || troubles > 0)) await letterDone()
    }
  }

  function begin(): void {
    const letter = waiting.shift()
    if (letter === undefined) return
    active++
    const start = performance.now()
    send(letter)
      .catch((error: unknown) => {
        // its claim is not renewed any more, so that it is taken up again when the lease is over
        held.delete(letter.id)
        log.error('letter-not-handled', { letter: letter.id, error })
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

  async function send(letter: ClaimedLetter): Promise<void> {
    const why = whyNot(letter, now())
    const list = await deps.lists.findById(letter.listId)
    const written = why === null && list !== null ? await writeLetter(deps, letter, list) : null
    if (written === null || list === null) {
      await dropLetter(db, letter.id, {
        at: now(),
        why: why ?? 'the key that it was made with is gone',
        expiresAt: later(deps.rules.confirmWithin * 1_000),
      })
      held.delete(letter.id)
      return
    }
    const result = await deps.mailer.send(written)
    if (result.kind === 'trouble') return inTrouble(letter, result.reply)
    if (!isKnownFine) recovered()
    if (result.kind === 'accepted') {
      const domain = domainOf(letter.recipient)
      deps.tally.count('letters', { list: list.slug, source: letter.source, domain })
      acceptances.add({ letterId: letter.id, reply: result.reply, at: now(), createdAt: letter.createdAt })
      return
    }
    await untilRecorded(() => recordSendResult(deps, { letter, result, list }))
    held.delete(letter.id)
  }

  /** What the relay said is not lost because the database is away: the claim is renewed until it is written. */
  async function untilRecorded(record: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await record()
      } catch (error) {
        if (closing) throw error
        log.warn('send-result-not-recorded', { error })
        await new Promise((resolve) => setTimeout(resolve, tryRecordingAgainMs))
      }
    }
  }

  async function inTrouble(letter: ClaimedLetter, reply: string): Promise<void> {
    metrics.letter('trouble', null)
    const isNew = performance.now() >= resumeAt
    isKnownFine = false
    if (isNew) {
      troubles++
      const pause = relayPauseAfter(troubles) * 1_000
      resumeAt = performance.now() + pause
      setTimeout(() => nudge(), pause + 10).unref()
    }
    await release([letter, ...waiting.splice(0)])
    if (troubles === 1 && isNew) {
      log.error('relay-trouble', { reply })
      metrics.relayTrouble(true)
    }
    if (isNew) await recordRelayTrouble(db, now(), reply)
  }

  function recovered(): void {
    if (troubles > 0) log.info('relay-recovered')
    isKnownFine = true
    troubles = 0
    resumeAt = 0
    metrics.relayTrouble(false)
    recordRelayRecovered(db, now()).catch((error: unknown) => log.warn('recovery-not-recorded', { error }))
  }

  async function release(letters: ClaimedLetter[]): Promise<void> {
    const ids = letters.map((letter) => letter.id)
    await releaseLetters(db, name, ids, now())
    for (const id of ids) held.delete(id)
  }

  function nudge(): void {
    nudged = true
    if (closing || performance.now() < resumeAt) return
    running ??= run()
      .catch((error: unknown) => log.warn('letters-not-claimed', { error }))
      .finally(() => {
        running = null
        if (nudged && !closing && performance.now() >= resumeAt) nudge()
      })
  }

  async function idle(): Promise<void> {
    while (running !== null || active > 0 || acceptances.size() > 0) {
      await running
      if (active > 0) await letterDone()
      await acceptances.settled()
    }
  }

  return {
    nudge,
    async drained() {
      nudge()
      await idle()
    },
    async close() {
      closing = true
      await release(waiting.splice(0)).catch((error: unknown) => log.warn('claims-not-released', { error }))
      await idle()
      clearInterval(renewal)
    },
  }
}

/** A letter whose signup has moved on is not sent: the words would not be true any more. */
function whyNot(letter: ClaimedLetter, at: Date): string | null {
  if (letter.declined) return 'the owner of the address asked for no letters'
  const wanted = letter.kind === 'confirmation' ? 'pending' : 'confirmed'
  if (letter.signupStatus !== wanted) return `the signup is ${letter.signupStatus}`
  const isLate = letter.signupStatus === 'pending' && letter.expiresAt !== null && letter.expiresAt <= at
  return isLate ? 'the signup is expired' : null
}
