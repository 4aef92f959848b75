/** One finished letter. `to` and `envelopeFrom` are bare addresses with their domains in ASCII. */
export type OutgoingLetter = {
  id: string
  /** names the letter in X-Ayes-Letter and as ENVID */
  token: string
  from: { name: string; address: string }
  replyTo: string | null
  to: string
  envelopeFrom: string
  /** without angle brackets */
  messageId: string
  subject: string
  text: string
  html: string
  /** headers beyond those that every letter carries */
  headers: Record<string, string>
}

/** What became of one attempt. `reply` is what the other side said, all lines of it, or what happened instead. */
export type SendResult =
  | { kind: 'accepted'; reply: string }
  /** 5xx about the address or the message */
  | { kind: 'refused'; reply: string; during: 'rcpt' | 'data' }
  /** 4xx, or the connection broke or timed out after RCPT TO */
  | { kind: 'deferred'; reply: string; during: 'rcpt' | 'data' }
  /** this letter cannot go out by this relay, whenever it is tried */
  | { kind: 'impossible'; reason: string }
  /** the relay's own: connect, TLS, EHLO, login, MAIL FROM; says nothing about the address */
  | { kind: 'trouble'; reply: string }

export type Mailer = {
  send(letter: OutgoingLetter): Promise<SendResult>
  /** takes no new letter and waits for those on their way */
  close(): Promise<void>
}
