// Mailboxes in memory, for the small IMAP server of the tests.

export type Message = { readonly uid: number; readonly flags: Set<string>; readonly raw: Buffer }

export type Mailbox = { validity: number; nextUid: number; messages: Message[] }

export function newMailbox(validity: number): Mailbox {
  return { validity, nextUid: 1, messages: [] }
}

export function put(mailbox: Mailbox, raw: Buffer, flags: Iterable<string> = []): Message {
  const message = { uid: mailbox.nextUid++, flags: new Set(flags), raw }
  mailbox.messages.push(message)
  return message
}

/** `1,5:7,9:*` */
export function picked(mailbox: Mailbox, range: string): Message[] {
  const last = mailbox.messages.at(-1)?.uid ?? 0
  const spans = range.split(',').map((span) => {
    const [from = 0, to = from] = span.split(':').map((end) => (end === '*' ? last : Number(end)))
    return { from, to }
  })
  return mailbox.messages.filter(({ uid }) => spans.some(({ from, to }) => uid >= from && uid <= to))
}

export function remove(mailbox: Mailbox, gone: readonly Message[]): void {
  mailbox.messages = mailbox.messages.filter((message) => !gone.includes(message))
}
