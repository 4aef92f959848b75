// A message at one of the bounce doors: read, matched by a token of ours, and handed to the one verdict.
import { createHash } from 'node:crypto'
import { readAddress } from '../core/address.ts'
import type { Category } from '../core/bounce/category.ts'
import { type Report, readReport } from '../core/bounce/read-report.ts'
import { findReturnToken } from '../core/tokens.ts'
import { findLetter, type LetterRow } from '../store/signups.ts'
import { keepUnmatched, type ReportedFailure, receiveBounce } from './receive-bounce.ts'
import type { Service } from './service.ts'

export type ReceivedMessage = { readonly matched: boolean; readonly category: Category | null }

/** Of a longer report only this much is read. */
const mostRead = 1024 * 1024

type Deps = Pick<Service, 'db' | 'ring' | 'rules' | 'now' | 'metrics' | 'tally' | 'lists'>

/** `recipient`: the envelope recipient where the door knows it; it names the letter before all else. */
export async function receiveMessage(
  deps: Deps,
  message: { raw: Uint8Array; recipient: string | null },
): Promise<ReceivedMessage> {
  const raw = message.raw.subarray(0, mostRead)
  const report = await readReport(raw)
  const at = deps.now()
  const fingerprint = createHash('sha256')
    .update(message.recipient ?? '')
    .update('\0')
    .update(message.raw)
    .digest()
  const received = { door: 'message', at, fingerprint } as const
  const letter = await findNamedLetter(deps, [message.recipient ?? '', ...report.named])
  if (letter !== null && letter !== 'forgotten') {
    const failure = failureIn(report, letter)
    if (failure === null) return { matched: true, category: null }
    const isMatched = await receiveBounce(deps, { ...received, letterId: letter.id, report: failure })
    if (isMatched) return { matched: true, category: report.category }
  }
  // What is about a letter of ours that was erased or purged must not bring its address back.
  const kept =
    letter === null
      ? { raw, report }
      : { raw: new Uint8Array(), report: { ...report, reply: null, recipient: null } }
  await keepUnmatched(deps, { ...received, ...kept })
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
function failureIn(report: Report, letter: LetterRow): ReportedFailure | null {
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
