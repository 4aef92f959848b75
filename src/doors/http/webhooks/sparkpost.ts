// SparkPost: basic authentication, as the webhook is set up with it. It signs nothing.
// https://developers.sparkpost.com/api/webhooks/
import type { WebhookLogin } from '../../../config.ts'
import { isLogin } from './same-secret.ts'
import type { Webhook } from './webhook.ts'

export function sparkpost(login: WebhookLogin): Webhook {
  return {
    provider: 'sparkpost',
    challenge: 'Basic realm="ayes"',
    by: 'login',
    prove: ({ header }) => isLogin(header('authorization'), login),
  }
}
