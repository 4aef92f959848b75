import type { Category } from './category.ts'
import { bareAddress } from './delivery-status.ts'
import { readHeaderText } from './encoded-words.ts'
import { chooseFailure } from './failing-recipient.ts'
import { field, readHeaders } from './header-block.ts'
import { kindOfMail } from './kind-of-mail.ts'
import { takeApart } from './message-anatomy.ts'
import type { Part } from './mime-parts.ts'
import { firstAddress, forwardOf } from './notification.ts'
import { findQuotedReply } from './quoted-reply.ts'
import { readRaw, startOfMessage } from './raw-message.ts'
import { weighReport } from './weigh-report.ts'

export type Report = {
  isBounce: boolean
  /** Null where it is no bounce; a complaint (ARF) is no bounce and has the category `complaint` all the same. */
  category: Category | null
  status: string | null
  /** The reply that decided, on one line. */
  reply: string | null
  recipient: string | null
  originalRecipient: string | null
  /** The report itself says that the failure lies behind a forward or an alias. */
  forwarded: boolean
  reporter: string | null
  rule: string
  /** The strings in which a token of ours may stand, in the order of contract section 6. */
  named: string[]
}

/** A report that was forwarded as an attachment is read too, one inside another, this often. */
const DEEPEST_REPORT = 2

/** Reads any bytes as a report about one of our letters. Never throws; every part it is made of has its limits. */
export async function readReport(raw: Uint8Array): Promise<Report> {
  const text = readRaw(raw)
  return readMessage(text.slice(startOfMessage(text)), 0)
}

async function readMessage(text: string, depth: number): Promise<Report> {
  const { headers, parts, prose, returned, status, complaint, named } = await takeApart(text)
  const reporter = status?.reportingMta ?? null
  if (complaint !== null) {
    const category = complaint.isComplaint ? 'complaint' : null
    const by = complaint.reporter ?? reporter
    return { ...NOTHING, category, recipient: complaint.recipient, rule: complaint.rule, reporter: by, named }
  }
  const failure = status === null ? null : chooseFailure(status)
  if (failure === 'none') return { ...NOTHING, rule: 'report-of-no-failure', reporter, named }
  const quoted = findQuotedReply(prose)
  const subject = readHeaderText(field(headers, 'subject') ?? '')
  const kind = kindOfMail({
    headers,
    subject,
    prose,
    quotesReply: quoted !== null,
    returnsLetter: returned !== null,
  })
  // Challenge-response services send a report that says failed, of class 4, and want an answer.
  const challenge = kind === 'challenge' && failure?.status?.startsWith('4.') === true
  if (challenge || (kind !== 'failure' && (failure === null || failure.action === null))) {
    const inner = depth < DEEPEST_REPORT ? await readAttachedReport(parts, depth) : null
    return inner === null
      ? { ...NOTHING, rule: kind, reporter, named }
      : { ...inner, named: [...named, ...inner.named] }
  }
  const verdict = weighReport(failure, quoted, prose)
  const from = forwardOf(prose)
  const final = failure?.final ?? null
  // Exim reports the address that it was given, and tells beside it which one behind that has failed.
  const isGiven = final !== null && from?.toLowerCase() === final.toLowerCase()
  const other = bareAddress(field(headers, 'x-failed-recipients')) ?? firstAddress(prose)
  const recipient = (isGiven ? other : final) ?? other
  const original = failure?.original ?? from
  return {
    isBounce: true,
    category: verdict.category,
    status: verdict.status ?? failure?.status ?? null,
    reply: verdict.reply,
    recipient,
    originalRecipient: original,
    forwarded: original !== null && recipient !== null && original.toLowerCase() !== recipient.toLowerCase(),
    reporter,
    rule: verdict.rule,
    named,
  }
}

const NOTHING: Omit<Report, 'rule' | 'reporter' | 'named'> = {
  isBounce: false,
  category: null,
  status: null,
  reply: null,
  recipient: null,
  originalRecipient: null,
  forwarded: false,
}

/** A report somebody forwarded to us as an attachment: only a message that is one by its own headers. */
async function readAttachedReport(parts: Part[], depth: number): Promise<Report | null> {
  const attached = parts.find((part) => part.type === 'message/rfc822')
  if (attached === undefined) return null
  const type = field(readHeaders(attached.body), 'content-type') ?? ''
  if (!/^multipart\/report\b/i.test(type)) return null
  const inner = await readMessage(attached.body, depth + 1)
  return inner.isBounce || inner.category !== null ? inner : null
}
