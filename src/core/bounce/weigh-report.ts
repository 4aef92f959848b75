import type { Category } from './category.ts'
import type { Failure } from './failing-recipient.ts'
import { type WeighedVerdict, weighReply } from './judge-reply.ts'
import type { QuotedReply } from './quoted-reply.ts'
import { hasWords, readSmtpReply } from './smtp-reply.ts'

export type ReportVerdict = { category: Category; status: string | null; rule: string; reply: string | null }

const LONGEST_SHOWN = 1000
/** The cause stands in the first lines of a notification; help texts that name every cause come after. */
const FIRST_WORDS = 900

/**
 * One verdict out of what a report holds: the failing recipient's own reply, the reply that the notification quotes,
 * then its prose, and the codes only where no words decided.
 */
export function weighReport(
  failure: Failure | null,
  quoted: QuotedReply | null,
  prose: string,
): ReportVerdict {
  const field = failure?.status ?? null
  const stage = quoted?.during ?? null
  const replies: [text: string, verdict: WeighedVerdict][] = []
  for (const text of [failure?.diagnostic ?? null, quoted?.text ?? null]) {
    if (text === null || text.trim() === '') continue
    const verdict = weighReply(text, stage, field)
    if (verdict.weight === 'words') return shown(verdict, text)
    replies.push([text, verdict])
  }
  const coded = replies.find(([, verdict]) => verdict.weight === 'code')
  const said = replies[0]
  // A reply with a telling code is not overruled by what the reporter made of it in its own words.
  if (coded !== undefined && coded[1].category !== 'temporary' && codeOfItsOwn(coded))
    return shown(coded[1], coded[0])
  const told = prose
    .split('\n')
    .filter((line) => !ABOUT_THE_LETTER.test(line))
    .join('\n')
  for (const text of [told.slice(0, FIRST_WORDS), told.slice(0, 4096)]) {
    const verdict = weighReply(text, stage, field)
    // Gmail heads unknown domains and refused senders alike with "Address not found": beside words of the other
    // side that nobody knows, the reporter's own are not enough to call a mailbox dead.
    if (
      verdict.category === 'mailbox-does-not-exist' &&
      replies.some(([reply]) => hasWords(readSmtpReply(reply)))
    )
      continue
    if (verdict.weight === 'words') return shown(verdict, said?.[0] ?? text)
  }
  if (coded !== undefined) return shown(coded[1], coded[0])
  const bare = weighReply('', stage, field)
  if (bare.weight === 'code' && said === undefined) return shown(bare, null)
  if (said !== undefined) return shown(said[1], said[0])
  return shown(bare, prose.slice(0, FIRST_WORDS))
}

/** Lines that describe the letter: its subject may say anything. */
const ABOUT_THE_LETTER =
  /^[ \t]{0,8}(?:subject|to|from|cc|sent|date|message-id|betreff|objet|asunto)[ \t]{0,4}:/i

function codeOfItsOwn([text, verdict]: [string, WeighedVerdict]): boolean {
  return verdict.status !== null && text.includes(verdict.status)
}

function shown(verdict: WeighedVerdict, text: string | null): ReportVerdict {
  const reply =
    text === null
      ? ''
      : text
          .slice(0, 4 * LONGEST_SHOWN)
          .replace(/\s+/g, ' ')
          .trim()
          .slice(0, LONGEST_SHOWN)
  return {
    category: verdict.category,
    status: verdict.status,
    rule: verdict.rule,
    reply: reply === '' ? null : reply,
  }
}
