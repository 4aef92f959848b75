// Lets scripts of the allowed sites call the public endpoints (the Fetch standard, "CORS protocol"). Never with
// credentials, and never on /api: the shell puts this on the public paths only.
import type { HttpMiddleware } from './http-env.ts'

const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET, POST',
  'Access-Control-Allow-Headers': 'Content-Type, Accept, Accept-Language, Last-Event-ID, Cache-Control',
  'Access-Control-Max-Age': '600',
}

export function allowOrigins(allowed: '*' | readonly string[]): HttpMiddleware {
  const sites = allowed === '*' ? null : new Set(allowed)
  return async function cors(c, next) {
    const origin = c.req.header('origin')
    if (sites !== null) c.header('Vary', 'Origin')
    // Without an Origin it is no browser, or a page of our own, and nobody looks for these headers.
    if (origin === undefined) return next()
    if (sites === null || sites.has(origin)) {
      c.header('Access-Control-Allow-Origin', sites === null ? '*' : origin)
      c.header('Access-Control-Expose-Headers', 'Retry-After')
    }
    const preflight =
      c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined
    return preflight ? c.body(null, 204, PREFLIGHT) : next()
  }
}
