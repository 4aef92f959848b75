import type { MailboxView } from './doors/http/public/dev-mailbox.ts'
import type { DevMailbox } from './mail/dev-mailbox.ts'
import { headersOf } from './mail/letter-headers.ts'

/** The dev mailbox as its pages show it. */
export function mailboxView(mailbox: DevMailbox, exposed: boolean): MailboxView {
  const line = (letter: Awaited<ReturnType<DevMailbox['list']>>[number]) => ({
    id: letter.id,
    to: letter.to,
    subject: letter.subject,
    at: new Date(letter.at),
    state: letter.reply,
  })
  return {
    exposed,
    list: async () => (await mailbox.list()).map(line),
    async read(id) {
      const letter = await mailbox.read(id)
      if (letter === null) return null
      return { ...line(letter), headers: headersOf(letter.raw), text: letter.text, html: letter.html }
    },
  }
}
