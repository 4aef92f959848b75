import type { Log } from '../log.ts'
import { needsSmtpUtf8, whyUnsendable } from './check-letter.ts'
import { composeLetter } from './compose.ts'
import type { Mailer, OutgoingLetter, SendResult } from './mailer.ts'
import { readAnswers } from './read-answers.ts'
import { RelaySession } from './relay-session.ts'
import {
  isOnThisMachine,
  nameOf,
  type RelayTarget,
  readRelayUrl,
  type Timeouts,
  usualTimeouts,
} from './relay-target.ts'
import { describe } from './relay-words.ts'
import { SessionPool } from './session-pool.ts'
import { type DkimOptions, openSigner } from './sign.ts'

export type RelayOptions = {
  /** smtp:// (with STARTTLS where it is offered) or smtps:// */
  url: string
  /** our name in EHLO */
  name: string
  /** connections at most */
  concurrency: number
  dkim: DkimOptions | null
  log?: Log
  timeouts?: Partial<Timeouts>
  now?: () => Date
  observe?: RelayTarget['observe']
}

/** Letters by way of a relay. Opens no connection before the first letter. */
export function openRelay(options: RelayOptions): Mailer {
  const target: RelayTarget = {
    ...readRelayUrl(options.url),
    name: options.name,
    timeouts: { ...usualTimeouts, ...options.timeouts },
    observe: options.observe,
  }
  const now = options.now ?? (() => new Date())
  const sign = options.dkim === null ? null : openSigner(options.dkim)
  const pool = new SessionPool({
    open: () => RelaySession.open(target).then(warnWhenOpen(target, options.log)),
    size: options.concurrency,
    idleFor: target.timeouts.idle,
  })
  const underWay = new Set<Promise<void>>()
  let closed = false

  async function send(letter: OutgoingLetter): Promise<SendResult> {
    if (closed) throw new Error('a letter was handed to a mailer that is closed')
    const reason = whyUnsendable(letter)
    if (reason !== null) return { kind: 'impossible', reason }
    const { promise, resolve, reject } = Promise.withResolvers<SendResult>()
    const work = inPlace(letter, resolve).catch(reject)
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
    return promise
  }

  /** The sender has its answer as soon as there is one; the place stays taken until its connection is put in order. */
  async function inPlace(letter: OutgoingLetter, answer: (result: SendResult) => void): Promise<void> {
    await pool.acquire()
    try {
      const raw = composeLetter(letter, now())
      await hand(letter, sign === null ? raw : await sign(raw), answer)
    } finally {
      pool.release()
    }
  }

  async function hand(
    letter: OutgoingLetter,
    raw: Buffer,
    answer: (result: SendResult) => void,
  ): Promise<void> {
    try {
      let session = await pool.take()
      if (needsSmtpUtf8(letter) && !session.offersSmtpUtf8) {
        answer({ kind: 'impossible', reason: withoutSmtpUtf8(target) })
        return await pool.giveBack(session)
      }
      let result = await deliver(session, letter, raw)
      // A connection that was kept may have ended meanwhile. Nothing of this letter was taken: once more, on a new one.
      if (result.kind === 'trouble' && session.delivered > 1) {
        session = await pool.replace(session)
        result = await deliver(session, letter, raw)
      }
      answer(result)
      if (session.alive && result.kind !== 'accepted') await session.reset()
      await pool.giveBack(session)
    } catch (error) {
      answer({ kind: 'trouble', reply: describe(error) })
    }
  }

  async function close(): Promise<void> {
    closed = true
    await Promise.all(underWay)
    await pool.close()
  }

  return { send, close }
}

async function deliver(session: RelaySession, letter: OutgoingLetter, raw: Buffer): Promise<SendResult> {
  const envelope = { from: letter.envelopeFrom, to: letter.to, token: letter.token }
  const { answers, broken } = await session.deliver(envelope, raw)
  return readAnswers(answers, broken)
}

function withoutSmtpUtf8(target: RelayTarget): string {
  return `the address has characters beyond ASCII before the @, and the relay ${nameOf(target)} does not offer SMTPUTF8`
}

/** Said once: a password that anybody on the way could read. */
function warnWhenOpen(target: RelayTarget, log: Log | undefined): (session: RelaySession) => RelaySession {
  let said = false
  return (session) => {
    if (!said && target.login !== null && !session.secure && !isOnThisMachine(target.host)) {
      said = true
      log?.warn('relay-login-unencrypted', { relay: nameOf(target) })
    }
    return session
  }
}
