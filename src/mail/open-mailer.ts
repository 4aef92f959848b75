import { type DevMailbox, type DevMailboxOptions, openDevMailbox } from './dev-mailbox.ts'
import type { Mailer } from './mailer.ts'
import { openRelay, type RelayOptions } from './relay.ts'

export type MailerOptions = {
  /** null: the dev mailbox */
  smtpUrl: string | null
  relay: Omit<RelayOptions, 'url'>
  devMailbox: DevMailboxOptions
}

/** `devMailbox` is null where letters go out for real. */
export type OpenMailer = { mailer: Mailer; devMailbox: DevMailbox | null }

/** The one place that decides where letters go: a relay that was given, or the dev mailbox. */
export async function openMailer(options: MailerOptions): Promise<OpenMailer> {
  if (options.smtpUrl !== null) {
    return { mailer: openRelay({ url: options.smtpUrl, ...options.relay }), devMailbox: null }
  }
  const devMailbox = await openDevMailbox(options.devMailbox)
  return { mailer: devMailbox, devMailbox }
}
