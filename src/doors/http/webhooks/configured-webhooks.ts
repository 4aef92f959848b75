// Which providers have a door: those whose setting is there.
import type { WebhooksConfig } from '../../../config.ts'
import type { Provider } from '../../../core/bounce/door.ts'
import type { Log } from '../../../log.ts'
import { brevo } from './brevo.ts'
import type { FetchText } from './fetch-text.ts'
import { mailgun } from './mailgun.ts'
import { mailjet } from './mailjet.ts'
import { postmark } from './postmark.ts'
import { resend } from './resend.ts'
import { sendgrid } from './sendgrid.ts'
import { ses } from './ses.ts'
import { sparkpost } from './sparkpost.ts'
import type { Webhook } from './webhook.ts'

type Deps = { fetchText: FetchText; log: Pick<Log, 'info' | 'warn'> }

export function configuredWebhooks(config: WebhooksConfig, { fetchText, log }: Deps): Webhook[] {
  const made: Readonly<Record<Provider, Webhook | null>> = {
    ses: withIts(config.ses, (topics) => ses({ topics, fetchText, log })),
    sendgrid: withIts(config.sendgrid, sendgrid),
    mailgun: withIts(config.mailgun, mailgun),
    postmark: withIts(config.postmark, postmark),
    sparkpost: withIts(config.sparkpost, sparkpost),
    brevo: withIts(config.brevo, brevo),
    mailjet: withIts(config.mailjet, mailjet),
    resend: withIts(config.resend, resend),
  }
  return Object.values(made).filter((webhook) => webhook !== null)
}

function withIts<Setting>(setting: Setting | null, open: (setting: Setting) => Webhook): Webhook | null {
  return setting === null ? null : open(setting)
}
