import type { SendResult } from './mailer.ts'

// RFC 4954, 6: these speak of our login, whatever the command; Exchange and others say so only at RCPT TO.
const wantsLogin = /^(?:530|534|535|538)(?![^\s-])/

/**
 * What the answers of one delivery mean. They come in the order of their commands, pipelined or not: MAIL FROM,
 * RCPT TO, DATA, the message. `broken` says what went wrong, where the letter was not taken.
 */
export function readAnswers(answers: readonly string[], broken: string | null): SendResult {
  const [sender, recipient, data, message] = answers
  if (sender === undefined) {
    return { kind: 'trouble', reply: broken ?? 'the relay gave no answer to MAIL FROM' }
  }
  if (digit(sender) !== '2') return { kind: 'trouble', reply: `the relay answered MAIL FROM with: ${sender}` }
  if (recipient === undefined) return unanswered('rcpt', broken)
  if (wantsLogin.test(recipient)) {
    return { kind: 'trouble', reply: `the relay wants a login first: ${recipient}` }
  }
  if (digit(recipient) !== '2') return turnedAway(recipient, 'rcpt')
  if (data === undefined) return unanswered('data', broken)
  // Some servers say 250 where 354 is due, and take the message all the same.
  if (digit(data) !== '3' && digit(data) !== '2') return turnedAway(data, 'data')
  if (message === undefined) return unanswered('data', broken)
  if (digit(message) !== '2') return turnedAway(message, 'data')
  return broken === null ? { kind: 'accepted', reply: message } : unanswered('data', broken)
}

/** Only a reply that says 5xx is for good; nonsense is not a verdict on an address. */
function turnedAway(reply: string, during: 'rcpt' | 'data'): SendResult {
  return { kind: digit(reply) === '5' ? 'refused' : 'deferred', reply, during }
}

function unanswered(during: 'rcpt' | 'data', broken: string | null): SendResult {
  return { kind: 'deferred', reply: broken ?? 'the connection ended before the answer', during }
}

/** As nodemailer reads it, so that what it took for a yes is one here too; a no must be a real reply. */
function digit(reply: string): string {
  const first = reply.charAt(0)
  return first === '2' || first === '3' || /^[45]\d\d(?![^\s-])/.test(reply) ? first : ''
}

/**
 * DATA went out ahead of the answer to RCPT TO, which was a no. A relay that allows it all the same is sent the lone dot
 * of no message (RFC 2920, 3.1), and what it says to that, or that it says nothing, changes nothing.
 */
export function isTurnedAway([, recipient]: readonly string[]): boolean {
  return recipient !== undefined && digit(recipient) !== '2'
}
