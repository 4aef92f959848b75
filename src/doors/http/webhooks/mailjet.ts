// Mailjet: basic authentication in the address of the webhook, or the password as the last part of its path. It signs
// nothing. https://dev.mailjet.com/email/guides/webhooks/
import type { WebhookLogin } from '../../../config.ts'
import { isLogin, isSame } from './same-secret.ts'
import type { Webhook } from './webhook.ts'

export function mailjet(login: WebhookLogin): Webhook {
  return {
    provider: 'mailjet',
    challenge: 'Basic realm="ayes"',
    takesSegment: true,
    by: 'login',
    prove: ({ header, segment }) =>
      segment === null ? isLogin(header('authorization'), login) : isSame(segment, login.password),
  }
}
