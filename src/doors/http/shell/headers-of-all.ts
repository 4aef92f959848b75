// What every answer says to a browser unless its resource says otherwise: JSON, text and errors are read by whoever
// asked, shown as nothing else, kept by nobody and in no frame. Pages and scripts have headers of their own.
import type { HttpContext, HttpEnv } from './http-env.ts'

export const headersOfAll = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

const all = Object.entries(headersOfAll)
/** No cache keeps an answer to POST, and no browser draws JSON: five headers are a part of a signup's CPU. */
const forPost = all.slice(0, 1)

export function sayForAll(c: HttpContext): void {
  const pairs = c.req.method === 'POST' ? forPost : all
  for (const [name, value] of pairs) say(c, name, value)
}

/**
 * A header of whatever answer comes, straight onto Node's own where there is one, since Hono's Headers cost more.
 * Undefined takes back what was said; the same name in an answer overrides it.
 */
export function say(c: HttpContext, name: string, value: string | undefined): void {
  const bindings: HttpEnv['Bindings'] | undefined = c.env
  const outgoing = bindings?.outgoing
  if (outgoing === undefined) c.header(name, value)
  else if (value === undefined) outgoing.removeHeader(name)
  else outgoing.setHeader(name, value)
}
