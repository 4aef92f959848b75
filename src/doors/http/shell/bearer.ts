// Bearer tokens (RFC 6750). Hashes of equal length are compared, so that time tells neither length nor beginning.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { HttpContext, HttpMiddleware } from './http-env.ts'
import { type HttpProblem, problem } from './problem.ts'

const HEADER = /^Bearer +([^\s,]+) *$/i

export type BearerCheck = (c: HttpContext) => 'good' | 'absent' | 'wrong'

/** `tokens` that are null or empty are left out, so that a setting that is not there lets nobody in. */
export function bearerCheck(tokens: readonly (string | null | undefined)[]): BearerCheck {
  const accepted = tokens.filter((token) => typeof token === 'string' && token !== '').map(hash)
  return function checkBearer(c) {
    const header = c.req.header('authorization')
    if (header === undefined) return 'absent'
    const given = hash(HEADER.exec(header)?.[1] ?? '')
    return accepted.filter((token) => timingSafeEqual(token, given)).length > 0 ? 'good' : 'wrong'
  }
}

/** Lets through who has one of `tokens`; everybody else gets 401. */
export function requireBearer(...tokens: readonly (string | null | undefined)[]): HttpMiddleware {
  const check = bearerCheck(tokens)
  return async function bearer(c, next) {
    const found = check(c)
    if (found !== 'good') throw unauthorized(found)
    await next()
  }
}

export function unauthorized(why: 'absent' | 'wrong'): HttpProblem {
  const detail =
    why === 'absent'
      ? 'Send the header Authorization: Bearer TOKEN.'
      : 'The bearer token is not the right one.'
  const challenge = `Bearer realm="ayes"${why === 'wrong' ? ', error="invalid_token"' : ''}`
  return problem(401, 'unauthorized', detail, { headers: { 'WWW-Authenticate': challenge } })
}

const hash = (token: string | null | undefined) =>
  createHash('sha256')
    .update(token ?? '')
    .digest()
