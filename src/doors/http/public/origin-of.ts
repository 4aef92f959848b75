// Whose page posts a signup, and which site's script may read the answer (the Fetch standard, "Origin header" and
// "CORS protocol"). What a browser says here no page can forge; a program says what it likes.
import type { List } from '../../../flows/lists.ts'
import { say } from '../shell/headers-of-all.ts'
import type { HttpContext } from '../shell/http-env.ts'
import type { PublicDeps } from './public-deps.ts'

/**
 * The site of the page that posts, `null` by name where a browser keeps it to itself; null for pages of our own and for
 * whatever names none. A page without a referrer, and a frame in a sandbox, post as `null`: that it is ours anyway only
 * Sec-Fetch-Site says, which neither old browsers nor plain http have.
 */
export function siteOf(deps: PublicDeps, c: HttpContext): string | null {
  const origin = c.req.header('origin')
  if (origin === undefined || c.req.header('sec-fetch-site') === 'same-origin') return null
  return isOurs(deps, origin, c.req.header('host')) ? null : origin
}

/** PUBLIC_URL, or the host that the visitor came by where that is another one. */
function isOurs(deps: PublicDeps, origin: string, host: string | undefined): boolean {
  const home = readHome(deps.service.links.home())
  if (origin === home?.origin) return true
  return host !== home?.host && (origin === `https://${host}` || origin === `http://${host}`)
}

// It is one and the same for as long as we run, and read for every signup.
let lastHome: { text: string; url: URL | null } | undefined

function readHome(text: string): URL | null {
  if (lastHome?.text !== text) lastHome = { text, url: URL.parse(text) }
  return lastHome.url
}

/** What a list says of its own goes before what the service says, which the answer has by now. */
export function showToItsSites(c: HttpContext, list: Pick<List, 'allowedOrigins'>): void {
  if (list.allowedOrigins === null) return
  const origin = c.req.header('origin')
  const isAllowed = origin !== undefined && list.allowedOrigins.includes(origin)
  say(c, 'Access-Control-Allow-Origin', isAllowed ? origin : undefined)
  say(c, 'Vary', 'Origin')
}

/** With words for whoever built the form; a visitor has the page's own. */
export function originDetail(c: HttpContext): string {
  return c.req.header('origin') === 'null'
    ? 'This list takes signups from certain sites only, and the browser was told not to say which site the form stands on: its page needs another Referrer-Policy than no-referrer, and its frame no sandbox or one with allow-same-origin.'
    : 'This list takes signups from certain sites only, and the one that the form stands on is not among them: add it to the allowed_origins of the list.'
}
