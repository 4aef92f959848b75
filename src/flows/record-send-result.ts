// What the relay said about one letter, other than yes. A refusal at once goes through the same verdict as a bounce a
// day later.
import { createHash } from 'node:crypto'
import { judgeReply, type Verdict } from '../core/bounce/judge-reply.ts'
import { giveUpAfterSeconds, pauseAfter } from '../core/retry.ts'
import type { SendResult } from '../mail/mailer.ts'
import { type ClaimedLetter, deferLetter } from '../store/out-tray.ts'
import type { List } from './lists.ts'
import { receiveBounce } from './receive-bounce.ts'
import type { Service } from './service.ts'

type Deps = Pick<Service, 'db' | 'addressKey' | 'rules' | 'now' | 'log' | 'metrics' | 'tally' | 'lists'>
type Refusal = Exclude<SendResult, { kind: 'accepted' | 'trouble' }>

export async function recordSendResult(
  deps: Deps,
  sent: { letter: ClaimedLetter; result: Refusal; list: List },
): Promise<void> {
  const { letter, result } = sent
  const at = deps.now()
  if (result.kind === 'deferred') {
    const attempts = letter.attempts + 1
    const dueAt = new Date(at.getTime() + pauseAfter(attempts, Math.random()) * 1000)
    const { status } = judgeReply(result.reply, result.during)
    if (dueAt.getTime() - (letter.firstTriedAt ?? at).getTime() < giveUpAfterSeconds * 1000) {
      await deferLetter(deps.db, letter.id, { at, dueAt, reply: result.reply, status })
      deps.metrics.letter('deferred', 'temporary')
      return
    }
  }
  const reply = result.kind === 'impossible' ? result.reason : result.reply
  const verdict = judge(result)
  deps.metrics.letter(result.kind, verdict.category)
  await receiveBounce(deps, {
    door: 'relay',
    at,
    // one refusal is one report: of this letter, by this attempt
    fingerprint: createHash('sha256').update(`relay\0${letter.id}\0${letter.attempts}`).digest(),
    letterId: letter.id,
    report: { ...verdict, reply, recipient: letter.recipient, forwarded: false },
  })
}

function judge(result: Refusal): Verdict {
  if (result.kind === 'impossible')
    return { category: 'other-permanent', status: null, rule: 'cannot-be-sent' }
  if (result.kind === 'deferred') {
    const { status } = judgeReply(result.reply, result.during)
    return { category: 'temporary', status, rule: 'gave-up' }
  }
  const verdict = judgeReply(result.reply, result.during)
  // 5xx is final by RFC 5321, 4.2.1, whatever its enhanced code says: it is not tried again
  return verdict
}
