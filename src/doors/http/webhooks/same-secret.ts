// Secrets compared in a time that tells neither their length nor their beginning.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { WebhookLogin } from '../../../config.ts'

export function isSame(given: string | Uint8Array, expected: string | Uint8Array): boolean {
  return timingSafeEqual(hash(given), hash(expected))
}

/** RFC 7617: the user and the password in the header Authorization. */
export function isLogin(header: string | undefined, login: WebhookLogin): boolean {
  const encoded = /^Basic +([A-Za-z0-9+/_-]{1,2000}={0,2}) *$/i.exec(header ?? '')?.[1] ?? ''
  return isSame(Buffer.from(encoded, 'base64'), `${login.user}:${login.password}`)
}

function hash(secret: string | Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest()
}
