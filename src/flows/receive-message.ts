// A message at one of the bounce doors: read, matched by a token of ours, and handed to the one verdict.
import { createHash } from 'node:crypto'
import type { Category } from '../core/bounce/category.ts'
import { type Report, readReport } from '../core/bounce/read-report.ts'
import { findReturnToken, type Proven } from '../core/tokens.ts'
import { findLetter } from '../store/signups.ts'
import { keepUnmatched, receiveBounce } from './receive-bounce.ts'
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
  const letterId = await findLetterId(deps, [message.recipient ?? '', ...report.named])
  const failure = failureIn(report)
  if (letterId === null) {
    await keepUnmatched(deps, {
      door: 'message',
      at,
      fingerprint,
      raw,
      report: { ...report, category: report.category },
    })
    return { matched: false, category: report.category }
  }
  if (failure === null) return { matched: true, category: null }
  const matched = await receiveBounce(deps, { door: 'message', at, fingerprint, letterId, report: failure })
  if (!matched) await keepUnmatched(deps, { door: 'message', at, fingerprint, raw, report })
  return { matched, category: report.category }
}

/** The first genuine token names the letter; a row keeps the key that its tokens were made with. */
async function findLetterId(
  deps: Pick<Service, 'db' | 'ring'>,
  named: readonly string[],
): Promise<string | null> {
  const proven: Proven | null = findReturnToken(deps.ring, named)
  if (proven === null) return null
  const letter = await findLetter(deps.db, proven.id)
  return letter !== null && letter.key_id === proven.keyId ? letter.id : null
}

/** Delay notices, auto-replies and ordinary mail say nothing final about the letter. */
function failureIn(report: Report) {
  if (report.category === null) return null
  if (!report.isBounce && report.category !== 'complaint') return null
  return { ...report, category: report.category }
}
