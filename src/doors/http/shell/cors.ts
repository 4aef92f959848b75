// Lets scripts of the allowed sites call the public endpoints (the Fetch standard, "CORS protocol"). Never with
// credentials, and never on /api: the shell puts this on the public paths only.
import { say } from './headers-of-all.ts'
import type { HttpMiddleware } from './http-env.ts'

const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET, POST',
  'Access-Control-Allow-Headers': 'Content-Type, Accept, Accept-Language, Last-Event-ID, Cache-Control',
  'Access-Control-Max-Age': '600',
}

export type OriginsOptions = {
  allowedOrigins: '*' | readonly string[]
  /** Sites that some list names: a preflight, and most of what follows, does not say which list it is about. */
  listOrigins?: () => Promise<ReadonlySet<string>>
}

export function allowOrigins({ allowedOrigins, listOrigins }: OriginsOptions): HttpMiddleware {
  const sites = allowedOrigins === '*' ? null : new Set(allowedOrigins)
  // While the database is away the service's own sites still read that it is.
  const isOfList = async (origin: string) => (await listOrigins?.().catch(() => null))?.has(origin) ?? false
  return async function cors(c, next) {
    const origin = c.req.header('origin')
    if (sites !== null) say(c, 'Vary', 'Origin')
    // Without an Origin it is no browser, or a page of our own, and nobody looks for these headers.
    if (origin === undefined) return next()
    if (sites === null || sites.has(origin) || (await isOfList(origin))) {
      say(c, 'Access-Control-Allow-Origin', sites === null ? '*' : origin)
      say(c, 'Access-Control-Expose-Headers', 'Retry-After')
    }
    const preflight =
      c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined
    return preflight ? c.body(null, 204, PREFLIGHT) : next()
  }
}
