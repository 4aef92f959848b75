import type { Category } from './category.ts'
import { policyVetoes } from './policy-rules.ts'
import { hasWords, readSmtpReply, type SmtpReply, type Stage } from './smtp-reply.ts'
import { meaningOfStatus } from './status-rules.ts'
import { verdicts, weakVerdicts } from './verdict-rules.ts'
import { vetoes } from './veto-rules.ts'
import type { WordingRule } from './wording-rule.ts'

export type Verdict = {
  category: Category
  /** The enhanced status code that goes with the verdict, null where there is none. */
  status: string | null
  /** The rule that decided, for the operator's eyes and for tests. */
  rule: string
}

/** How far a verdict can be trusted: words say why, a code says what kind, a bare digit says only "for good". */
export type Weight = 'words' | 'code' | 'digit' | 'nothing'

export type WeighedVerdict = Verdict & { weight: Weight }

/** Vetoes before verdicts; the first that holds decides. */
const strong: readonly WordingRule[] = [...vetoes, ...policyVetoes, ...verdicts]

/**
 * The meaning of one SMTP answer of one or many lines. `during` is the command that it answered, where known. Pure,
 * total and linear; what says nothing at all is `other-permanent` by the rule `unexplained`.
 *
 * The category tells what the words mean and not whether to try again: that is the first digit's business
 * (`452 4.2.2 mailbox full` is `mailbox-full`). Class 4 never gives a category that makes a signup invalid.
 */
export function judgeReply(reply: string, during: Stage | null = null): Verdict {
  const { category, status, rule } = weighReply(reply, during)
  return { category, status, rule }
}

/** As `judgeReply`, with its weight; `field` is the Status field of a report that the text belongs to. */
export function weighReply(
  text: string,
  during: Stage | null = null,
  field: string | null = null,
): WeighedVerdict {
  const quoted = replyBehindGateway(text)
  if (quoted !== null) {
    const inner = weighReply(quoted, during)
    if (inner.weight === 'words' || inner.weight === 'code') return inner
  }
  const reply = readSmtpReply(text)
  const stage = during ?? reply.during
  const status = decidingStatus(reply, field)
  const class4 = sourceOfClass4(reply, field)
  const toSender = stage === 'mail-from' || stage === 'connect'
  const said = (rules: readonly WordingRule[]): WeighedVerdict | null => {
    const rule = rules.find((one) => holds(one, reply, status))
    if (rule === undefined || (toSender && isVerdictOnBox(rule.category))) return null
    const stays = class4 === null || rule.underClass4 === 'reply' || rule.underClass4 === class4
    return stays
      ? { category: rule.category, status, rule: rule.name, weight: 'words' }
      : { category: 'temporary', status, rule: `for-now:${rule.name}`, weight: 'words' }
  }
  const plain = said(strong)
  if (plain !== null) return plain
  if (class4 !== null) return { category: 'temporary', status, rule: 'class-4', weight: 'code' }
  if (toSender) return { category: 'policy-or-spam', status, rule: `refused-at-${stage}`, weight: 'code' }
  const meaning = status === null ? null : meaningOfStatus(status)
  const coded: WeighedVerdict | null =
    meaning === null || (isVerdictOnBox(meaning.category) && isDerived(reply, status))
      ? null
      : { category: meaning.category, status, rule: meaning.rule, weight: meaning.generic ? 'digit' : 'code' }
  // A telling code of the reply's own goes before words that only say "no".
  if (coded?.weight === 'code' && status !== null && reply.statuses.includes(status)) return coded
  return said(weakVerdicts) ?? coded ?? unexplained(reply, status)
}

function unexplained(reply: SmtpReply, status: string | null): WeighedVerdict {
  if (reply.code === 552) return { category: 'mailbox-full', status, rule: 'code-552', weight: 'digit' }
  return reply.code !== null || status !== null
    ? { category: 'other-permanent', status, rule: 'refused-without-reason', weight: 'digit' }
    : { category: 'other-permanent', status, rule: 'unexplained', weight: 'nothing' }
}

function holds(rule: WordingRule, reply: SmtpReply, status: string | null): boolean {
  if (rule.status !== undefined && (status === null || !rule.status.test(status))) return false
  if (!rule.pattern.test(rule.in === 'links' ? reply.links : reply.words)) return false
  return rule.unless === undefined || !rule.unless.test(reply.words)
}

/** What answers MAIL FROM or the greeting is about us, whatever it says does not exist. */
function isVerdictOnBox(category: Category): boolean {
  return category === 'mailbox-does-not-exist' || category === 'domain-problem' || category === 'bad-address'
}

/**
 * The code stands in the report's field only, beside a reply with words that nobody knows: Sendmail makes 5.1.1 out
 * of any 550 to RCPT. That is not enough to call a mailbox dead.
 */
function isDerived(reply: SmtpReply, status: string | null): boolean {
  return reply.code !== null && status !== null && !reply.statuses.includes(status) && hasWords(reply)
}

/** The reply's own code goes before the Status field of a report, which is often generic or derived. */
function decidingStatus(reply: SmtpReply, field: string | null): string | null {
  const telling = reply.statuses.find((status) => !status.endsWith('.0.0'))
  return telling ?? (field === null || field.endsWith('.0.0') ? (reply.statuses[0] ?? field) : field)
}

function sourceOfClass4(reply: SmtpReply, field: string | null): 'reply' | 'field' | null {
  if (reply.code !== null) return reply.code < 500 ? 'reply' : null
  const own = reply.statuses[0]
  if (own !== undefined) return own.startsWith('4.') ? 'reply' : null
  return field?.startsWith('4.') ? 'field' : null
}

/** IronPort and SES put `5.1.0 - Unknown address error 550-'…'` before the reply that they got: that one counts. */
function replyBehindGateway(text: string): string | null {
  const found = /unknown address error (\d{3})-'([^']{1,1000})'?/i.exec(text.slice(0, 4096))
  return found === null ? null : `${found[1]} ${found[2]}`
}
