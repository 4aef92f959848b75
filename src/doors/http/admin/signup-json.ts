// A signup as the admin's answers hold it.
import type { z } from '@hono/zod-openapi'
import type { EventRecord, LetterView, SignupInFull, SignupRecord } from '../../../flows/search-signups.ts'
import type { signupInFull, signupRecord } from '../schemas/signup-record.ts'

type SignupJson = z.input<typeof signupRecord>

export function signupJson(signup: SignupRecord): SignupJson {
  return {
    id: signup.id,
    list: signup.list,
    email: signup.email,
    status: signup.status,
    reason: signup.reason,
    source: signup.source,
    locale: signup.locale,
    signed_up_at: signup.signedUpAt.toISOString(),
    confirmed_at: signup.confirmedAt?.toISOString() ?? null,
    attributes: stringsIn(signup.attributes ?? {}),
  }
}

export function fullJson({ signup, letters, events }: SignupInFull): z.input<typeof signupInFull> {
  return { ...signupJson(signup), letters: letters.map(letterJson), events: events.map(eventJson) }
}

export function letterJson(letter: LetterView) {
  return {
    id: letter.id,
    kind: letter.kind,
    state: letter.state,
    reply: letter.reply,
    reason: letter.reason,
    created_at: letter.createdAt.toISOString(),
    sent_at: letter.sentAt?.toISOString() ?? null,
  }
}

export function eventJson(event: EventRecord) {
  return {
    type: event.type,
    at: event.at.toISOString(),
    detail: event.detail === null ? null : { ...event.detail },
  }
}

function stringsIn(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]))
}
