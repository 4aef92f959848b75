import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { writeReport } from '../core/bounce/write-report.ts'
import type { Log } from '../log.ts'
import { whyUnsendable } from './check-letter.ts'
import { composeLetter } from './compose.ts'
import { Deferrals } from './deferrals.ts'
import { LateReports, type OnReport } from './late-reports.ts'
import { headersOf } from './letter-headers.ts'
import { type KeptLetter, keyOf, LetterStore, type LetterSummary } from './letter-store.ts'
import type { Mailer, OutgoingLetter, SendResult } from './mailer.ts'
import { openFolder } from './private-files.ts'
import { behaviourOf, refusal } from './simulated-answer.ts'

export type DevMailbox = Mailer & {
  /** Newest first. */
  list(): Promise<LetterSummary[]>
  read(id: string): Promise<KeptLetter | null>
  /** Removes what there is about a person: letters, reports that are still to come, counts. Says how many letters. */
  erase(email: string): Promise<number>
}

export type DevMailboxOptions = {
  dir: string
  /** Takes a report that comes in later, as POST /bounces/message would. What it rejects is brought again. */
  onReport: OnReport
  now?: () => Date
  log?: Log
  /** letters kept, the newest */
  keep?: number
  /** milliseconds until a late report comes in */
  reportAfter?: number
}

const lettersKept = 1_000
const usualReportDelay = 2_000
const host = 'dev-mailbox.localhost'

/** A relay for trying things out: keeps the letters and plays the part of servers that refuse them. */
export async function openDevMailbox(options: DevMailboxOptions): Promise<DevMailbox> {
  const { dir, onReport, log, keep = lettersKept, reportAfter = usualReportDelay } = options
  const now = options.now ?? (() => new Date())
  await openFolder(dir)
  const letters = await LetterStore.open(join(dir, 'letters'), keep)
  const deferrals = await Deferrals.open(join(dir, 'deferred'))
  const reports = await LateReports.open({ dir: join(dir, 'reports'), onReport, now, log })
  const underWay = new Set<Promise<unknown>>()
  let closed = false

  async function send(letter: OutgoingLetter): Promise<SendResult> {
    if (closed) throw new Error('a letter was handed to a mailer that is closed')
    const work = take(letter)
    underWay.add(work)
    return work.finally(() => underWay.delete(work))
  }

  async function take(letter: OutgoingLetter): Promise<SendResult> {
    const reason = whyUnsendable(letter)
    if (reason !== null) return { kind: 'impossible', reason }
    const behaviour = behaviourOf(letter.to)
    if (behaviour.kind === 'refuse') {
      const kind = behaviour.code.startsWith('5') ? 'refused' : 'deferred'
      return { kind, reply: refusal(letter.to, behaviour.code), during: 'rcpt' }
    }
    if (behaviour.kind === 'defer' && (await deferrals.turnsAway(letter))) {
      return { kind: 'deferred', reply: refusal(letter.to, behaviour.code), during: 'rcpt' }
    }
    const at = now()
    const raw = composeLetter(letter, at).toString()
    const reply = await keepLetter(letter, raw, at)
    if (behaviour.kind === 'late') await reportLater(letter, raw, behaviour.code, at)
    return { kind: 'accepted', reply }
  }

  async function keepLetter(letter: OutgoingLetter, raw: string, at: Date): Promise<string> {
    const { from, to, subject, text, html, envelopeFrom } = letter
    const reply = `250 2.0.0 Ok: queued in the dev mailbox as ${keyOf(letter.messageId).slice(0, 10).toUpperCase()}`
    const sender = from.name === '' ? from.address : `${from.name} <${from.address}>`
    await letters.keep(
      letter.messageId,
      { from: sender, to, subject, text, html, envelopeFrom, reply, raw },
      at,
    )
    return reply
  }

  async function reportLater(letter: OutgoingLetter, raw: string, status: string, at: Date): Promise<void> {
    const due = new Date(at.getTime() + reportAfter)
    const report = writeReport({
      reportingMta: host,
      from: `MAILER-DAEMON@${host}`,
      to: letter.envelopeFrom,
      recipient: letter.to,
      status,
      diagnostic: refusal(letter.to, status),
      originalHeaders: [
        ['Return-Path', `<${letter.envelopeFrom}>`],
        ...headersOf(raw).map(({ name, value }) => [name, value] as const),
      ],
      at: due,
      messageId: `${randomUUID()}@${host}`,
    })
    await reports.add({ recipient: letter.to, envelopeRecipient: letter.envelopeFrom, raw: report }, due)
  }

  return {
    send,
    list: () => letters.list(),
    read: (id) => letters.read(id),
    async erase(email) {
      await reports.erase(email)
      await deferrals.erase(email)
      return letters.erase(email)
    },
    async close() {
      closed = true
      await Promise.allSettled(underWay)
      await reports.close()
    },
  }
}
