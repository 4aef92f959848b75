// Pages leave with headers that let them do nothing but show themselves and post their forms.
import { createHash } from 'node:crypto'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { readOrigin } from '../../../core/origin.ts'
import type { HttpContext } from './http-env.ts'

export type PageOptions = {
  status?: ContentfulStatusCode
  /** The page or its address holds a token: it is not kept, not indexed, and no link tells where one came from. */
  holdsToken?: boolean
  /** Addresses, besides our own, where a form of this page may end up: Chrome applies form-action to redirects. */
  formTargets?: readonly string[]
  /** Sites that may show the page in a frame; none unless given. */
  framedBy?: '*' | readonly string[]
  /** The page loads a script from our own origin, which may ask our own origin. */
  hasScript?: boolean
  /** The page shows another page of ours in a frame. */
  hasFrame?: boolean
  headers?: Record<string, string>
}

export type SendPage = (c: HttpContext, html: string, options?: PageOptions) => Response

/** `styles`: the exact text between `<style>` and `</style>` of whatever pages contain; anything else stays inert. */
export function pageSender(given: { styles: readonly string[]; scripts?: readonly string[] }): SendPage {
  const styles = given.styles.map(sourceHash).join(' ')
  const scripts = (given.scripts ?? []).map(sourceHash).join(' ')
  const fixed = [
    "default-src 'none'",
    ...(styles === '' ? [] : [`style-src ${styles}`]),
    ...(scripts === '' ? [] : [`script-src ${scripts}`, "connect-src 'self'"]),
    "img-src 'self' data:",
    "base-uri 'none'",
  ].join('; ')
  return function sendPage(c, html, options = {}) {
    const policy = [
      fixed,
      ...(options.hasFrame ? ["frame-src 'self'"] : []),
      ...(options.hasScript ? ["script-src 'self'", "connect-src 'self'"] : []),
      ["form-action 'self'", ...origins(options.formTargets)].join(' '),
      `frame-ancestors ${ancestors(options.framedBy)}`,
    ].join('; ')
    const headers = {
      'Content-Security-Policy': policy,
      'Referrer-Policy': options.holdsToken ? 'no-referrer' : 'strict-origin-when-cross-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...frameOptions(options.framedBy),
      Vary: 'Accept, Accept-Language, Origin',
      ...(options.holdsToken ? { 'X-Robots-Tag': 'noindex, nofollow' } : {}),
      ...options.headers,
    }
    return c.body(html, options.status ?? 200, { ...headers, 'Content-Type': 'text/html; charset=utf-8' })
  }
}

/** The texts of all inline `<style>` elements of a page made from trusted templates only, for `pageSender`. */
export function inlineStyles(html: string): string[] {
  return [...html.matchAll(/<style(?:\s[^>]*)?>([\s\S]*?)<\/style>/gi)].map((match) => match[1] ?? '')
}

// Browsers hash the text after reading line ends as \n, whatever the file had.
function sourceHash(text: string): string {
  const digest = createHash('sha256').update(text.replaceAll(/\r\n?/g, '\n')).digest('base64')
  return `'sha256-${digest}'`
}

function ancestors(sites: PageOptions['framedBy']): string {
  if (sites === '*') return '*'
  return sites === undefined ? "'none'" : ["'self'", ...origins(sites)].join(' ')
}

/** For programs that look for it: browsers go by frame-ancestors, and this cannot name sites. */
function frameOptions(sites: PageOptions['framedBy']): Record<string, string> {
  if (sites === undefined) return { 'X-Frame-Options': 'DENY' }
  return sites.length === 0 ? { 'X-Frame-Options': 'SAMEORIGIN' } : {}
}

// Only plain origins go into the policy: a path would be dropped on redirects, and a semicolon would end the rule.
function origins(addresses: readonly string[] | undefined): string[] {
  const found = (addresses ?? []).flatMap((address) => readOrigin(URL.parse(address)?.origin ?? '') ?? [])
  return [...new Set(found)]
}
