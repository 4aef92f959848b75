// Brevo: a bearer token, as the webhook is made with it. It signs nothing.
// https://developers.brevo.com/docs/username-and-password-authentication
import { isSame } from './same-secret.ts'
import type { Webhook } from './webhook.ts'

export function brevo(token: string): Webhook {
  return {
    provider: 'brevo',
    challenge: 'Bearer realm="ayes"',
    by: 'login',
    prove({ header }) {
      const given = /^Bearer +([^\s,]{1,2000}) *$/i.exec(header('authorization') ?? '')?.[1] ?? ''
      return isSame(given, token)
    },
  }
}
