// What several resources answer alike.
import type { Accepted } from '../../../flows/sign-up.ts'
import type { HttpContext } from '../shell/http-env.ts'
import { problem } from '../shell/problem.ts'

export function unknownLink() {
  return problem(404, 'unknown-link', 'This link is not one of ours, or a part of it is missing.')
}

/** `retryAfter`: seconds. */
export function tooManySignups(retryAfter: number) {
  return problem(429, 'too-many', 'Too many signups came from your network. Try again later.', { retryAfter })
}

/** A signup, or a letter asked for again, that was taken: the same whatever is known about the address. */
export function acceptedAnswer(c: HttpContext, { email, handle, expiresAt }: Accepted): Response {
  return c.json({ status: 'pending', email, handle, expires_at: expiresAt.toISOString() }, 202)
}
