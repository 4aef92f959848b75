// Errors as the outside sees them: RFC 9457 problem documents, named by a code that does not change.
import type { ContentfulStatusCode } from 'hono/utils/http-status'

export const PROBLEM_TYPE = 'application/problem+json'

export type ProblemExtra = {
  /** The input that was wrong. */
  field?: string
  /** A finer code. */
  reason?: string
  suggestion?: { email: string; domain: string; reason: string } | null
  /** The request's own reading of its address. */
  email?: string
  /** Work to be done before the same is sent again. */
  challenge?: object
  /** Seconds; becomes the header Retry-After. */
  retryAfter?: number
  headers?: Record<string, string>
}

export type ProblemBody = {
  type: string
  title: string
  status: number
  detail: string
  code: string
  field?: string
  reason?: string
  suggestion?: { email: string; domain: string; reason: string } | null
  email?: string
  challenge?: object
}

/** Ends a request early, from any depth of the door: the shell's error handler turns it into the answer. */
export class HttpProblem extends Error {
  readonly status: ContentfulStatusCode
  readonly code: string
  readonly detail: string
  readonly extra: ProblemExtra

  constructor(status: ContentfulStatusCode, code: string, detail: string, extra: ProblemExtra = {}) {
    super(`${status} ${code}`)
    this.name = 'HttpProblem'
    this.status = status
    this.code = code
    this.detail = detail
    this.extra = extra
  }
}

/** To be thrown: `throw problem(404, 'unknown-list', 'There is no list of this name.', { field: 'list' })`. */
export function problem(
  status: ContentfulStatusCode,
  code: string,
  detail: string,
  extra?: ProblemExtra,
): HttpProblem {
  return new HttpProblem(status, code, detail, extra)
}

/** `docs` is where the documentation stands, such as `/docs`: a problem's type is a place in it. */
export function problemBody(wrong: HttpProblem, docs: string): ProblemBody {
  const { retryAfter: _, headers: __, ...shown } = wrong.extra
  return {
    type: `${docs}#${wrong.code}`,
    title: titleOf(wrong.code),
    status: wrong.status,
    detail: wrong.detail,
    code: wrong.code,
    ...shown,
  }
}

export function problemHeaders(wrong: HttpProblem): Record<string, string> {
  const { retryAfter, headers } = wrong.extra
  return {
    ...headers,
    ...(retryAfter === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(retryAfter))) }),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Vary: 'Accept, Origin',
  }
}

// A code is its own title: `did-you-mean` is "Did you mean".
const titleOf = (code: string) => `${code.charAt(0).toUpperCase()}${code.slice(1).replaceAll('-', ' ')}`
