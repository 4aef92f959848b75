// A message at one of the bounce doors: read, matched by a token of ours, and handed to the one verdict.
import { createHash } from 'node:crypto'
import { readAddress } from '../core/address.ts'
import type { Category } from '../core/bounce/category.ts'
import type { BounceDoor } from '../core/bounce/door.ts'
import { type Report, readReport } from '../core/bounce/read-report.ts'
import { findReturnToken } from '../core/tokens.ts'
import { findLetter, type LetterRow } from '../store/signups.ts'
import { keepUnmatched, type ReportedFailure, receiveBounce } from './receive-bounce.ts'
import type { Service } from './service.ts'

/** The doors that a whole message comes through. */
export type MessageDoor = Extract<BounceDoor, 'message' | 'lmtp' | 'smtp' | 'imap'>

/** What any reader tells: bytes of a mail, or a provider's event. */
export type ReadReport = Pick<
  Report,
  'isBounce' | 'category' | 'status' | 'reply' | 'recipient' | 'forwarded' | 'rule'
>

export type ReceivedMessage = { readonly matched: boolean; readonly category: Category | null }

/** Of a longer report only this much is read. */
const mostRead = 1024 * 1024

type Deps = Pick<Service, 'db' | 'ring' | 'addressKey' | 'rules' | 'now' | 'metrics' | 'tally' | 'lists'>

/** `recipient`: the envelope recipient where the door knows it; it names the letter before all else. */
export async function receiveMessage(
  deps: Deps,
  message: { door: MessageDoor; raw: Uint8Array; recipient: string | null },
): Promise<ReceivedMessage> {
  const raw = message.raw.subarray(0, mostRead)
  const report = await readReport(raw)
  const fingerprint = createHash('sha256')
    .update(message.recipient ?? '')
    .update('\0')
    .update(message.raw)
    .digest()
  const named = [message.recipient ?? '', ...report.named]
  return receiveReport(deps, { door: message.door, fingerprint, named, report, raw })
}

/** What a reader made of a message or of a provider's event; `named`: the strings in which our token may stand. */
export async function receiveReport(
  deps: Deps,
  received: {
    door: BounceDoor
    /** 32 bytes that are the same whenever the same report comes again. */
    fingerprint: Buffer
    named: readonly string[]
    report: ReadReport
    raw: Uint8Array
  },
): Promise<ReceivedMessage> {
  const { door, fingerprint, report, raw } = received
  const arrived = { door, at: deps.now(), fingerprint }
  const letter = await findNamedLetter(deps, received.named)
  if (letter !== null && letter !== 'forgotten') {
    const failure = failureIn(report, letter)
    if (failure === null) return { matched: true, category: null }
    const isMatched = await receiveBounce(deps, { ...arrived, letterId: letter.id, report: failure })
    if (isMatched) return { matched: true, category: report.category }
  }
  // What is about a letter of ours that was erased or purged must not bring its address back.
  const kept =
    letter === null
      ? { raw, report }
      : { raw: new Uint8Array(), report: { ...report, reply: null, recipient: null } }
  await keepUnmatched(deps, { ...arrived, ...kept })
  return { matched: false, category: report.category }
}

/** The first genuine token names the letter; a row keeps the key that its tokens were made with. */
async function findNamedLetter(
  deps: Pick<Service, 'db' | 'ring'>,
  named: readonly string[],
): Promise<LetterRow | 'forgotten' | null> {
  const proven = findReturnToken(deps.ring, named)
  if (proven === null) return null
  const letter = await findLetter(deps.db, proven.id)
  if (letter === null) return 'forgotten'
  return letter.key_id === proven.keyId ? letter : null
}

/** Delay notices, auto-replies and ordinary mail say nothing final about the letter. */
function failureIn(report: ReadReport, letter: LetterRow): ReportedFailure | null {
  const { category } = report
  if (category === null || (!report.isBounce && category !== 'complaint')) return null
  // Whoever failed is not whom we wrote to: the address that was typed exists and forwards.
  const forwarded =
    report.forwarded || (report.recipient !== null && !isSame(report.recipient, letter.recipient))
  return { ...report, category, forwarded }
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [readAddress(one), readAddress(other)]
  if (first.kind === 'invalid' || second.kind === 'invalid') return one.toLowerCase() === other.toLowerCase()
  return first.address.key === second.address.key
}
