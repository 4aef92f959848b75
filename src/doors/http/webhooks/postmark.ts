// Postmark: basic authentication, in the address of the webhook. It signs nothing.
// https://postmarkapp.com/developer/webhooks/webhooks-overview
import type { WebhookLogin } from '../../../config.ts'
import { isLogin } from './same-secret.ts'
import type { Webhook } from './webhook.ts'

export function postmark(login: WebhookLogin): Webhook {
  return {
    provider: 'postmark',
    challenge: 'Basic realm="ayes"',
    by: 'login',
    prove: ({ header }) => isLogin(header('authorization'), login),
  }
}
