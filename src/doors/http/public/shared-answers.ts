// What several resources answer alike.
import type { Suggestion } from '../../../core/suggestion.ts'
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

type Field = 'email' | 'domain'

export function takesNoMail(domain: string, about: { field: Field; suggestion: Suggestion | null }) {
  const { field, suggestion } = about
  return problem(422, 'domain-takes-no-mail', `The domain ${domain} takes no mail.`, {
    field,
    ...(suggestion === null ? {} : { suggestion }),
  })
}

export function disposableAddress(domain: string, field: Field) {
  const detail = `The domain ${domain} gives out addresses for some minutes: use one that lasts.`
  return problem(422, 'disposable-address', detail, { field })
}

/** A signup, or a letter asked for again, that was taken: the same whatever is known about the address. */
export function acceptedAnswer(c: HttpContext, { email, handle, expiresAt }: Accepted): Response {
  return c.json({ status: 'pending', email, handle, expires_at: expiresAt.toISOString() }, 202)
}
