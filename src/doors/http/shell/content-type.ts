// The Content-Type of a request (RFC 9110, 8.3): its media type, and refusal of every charset but UTF-8.
import type { HttpContext } from './http-env.ts'
import { type HttpProblem, problem } from './problem.ts'

export type Encoding = 'json' | 'urlencoded' | 'multipart'

export const MEDIA_TYPES: Record<Encoding, string> = {
  json: 'application/json',
  urlencoded: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
}
const JSON_KIND = /^application\/(?:[a-z0-9.!#$&^_-]+\+)?json$/
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)"?/i
const UTF8_NAMES = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii'])

/** Which of `accepted` the request's body is in; anything else is 415. */
export function encodingOf(c: HttpContext, accepted: readonly Encoding[]): Encoding {
  const header = c.req.header('content-type')
  if (header === 'application/json' && accepted.includes('json')) return withoutContentEncoding(c, 'json')
  const media = mediaType(header)
  const found = accepted.find((kind) =>
    kind === 'json' ? JSON_KIND.test(media) : media === MEDIA_TYPES[kind],
  )
  if (found === undefined) throw unsupported(accepted)
  const charset = CHARSET.exec(header ?? '')?.[1]
  if (charset !== undefined && !UTF8_NAMES.has(charset.toLowerCase())) {
    throw problem(415, 'unsupported-media-type', 'The body has another charset than UTF-8.')
  }
  return withoutContentEncoding(c, found)
}

/** The media type alone, in lower case; empty without a header. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1).join('').trim().toLowerCase()
}

function withoutContentEncoding(c: HttpContext, encoding: Encoding): Encoding {
  const coding = c.req.header('content-encoding')
  if (coding === undefined || coding.toLowerCase() === 'identity') return encoding
  throw problem(415, 'unsupported-media-type', 'A compressed body is not accepted.')
}

function unsupported(accepted: readonly Encoding[]): HttpProblem {
  const names = accepted.map((kind) => MEDIA_TYPES[kind]).join(' or ')
  return problem(415, 'unsupported-media-type', `Send the body with Content-Type ${names}.`)
}
