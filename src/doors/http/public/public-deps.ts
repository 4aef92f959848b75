// What the public resources stand on.
import { pickLocale } from '../../../core/locale.ts'
import type { Client as FlowClient } from '../../../flows/client.ts'
import type { List } from '../../../flows/lists.ts'
import type { Service } from '../../../flows/service.ts'
import type { LetterWatch } from '../../../flows/watch-letters.ts'
import type { PageList } from '../../../templates/models.ts'
import type { Shell } from '../shell/create-app.ts'
import type { HttpContext } from '../shell/http-env.ts'
import { acceptedLanguages, requestLocale } from '../shell/locale.ts'

export type PublicDeps = {
  readonly service: Service
  readonly shell: Pick<Shell, 'clientOf' | 'sendPage' | 'streams'>
  readonly watch: LetterWatch
  /** Path of PUBLIC_URL: where forms post and redirects lead, on whatever host the visitor came by. */
  readonly basePath: string
  readonly hasDevMailbox: boolean
  /** `auto`: the page of a confirmation link submits by itself on evidence of a person. */
  readonly confirmButton: 'auto' | 'always'
  /** Sites that may show the form in a frame, unless the list says so itself. */
  readonly framedBy: '*' | readonly string[]
}

export function clientOf(deps: PublicDeps, c: HttpContext): FlowClient {
  const { address, keys, userAgent } = deps.shell.clientOf(c)
  return { address, key: keys[0] ?? null, wideKey: keys[1] ?? null, agent: userAgent }
}

export function localeOf(deps: PublicDeps, c: HttpContext, asked: string | null, list: List | null): string {
  return requestLocale(c, deps.service.templates.locales, { asked, list: list?.locale ?? null })
}

/**
 * The language that a signup was made in leads through its pages. Where it is only the list's own it says nothing about
 * the visitor, and the browser is asked.
 */
export function signupLocale(
  deps: PublicDeps,
  c: HttpContext,
  locale: string | null,
  list: List | null,
): string {
  const { locales } = deps.service.templates
  const isTheLists = pickLocale(locales, [locale]) === pickLocale(locales, [list?.locale])
  return localeOf(deps, c, isTheLists ? null : locale, list)
}

/** What the visitor's form or browser names, be there pages in it or not; null where neither does. */
export function visitorLocale(c: HttpContext, asked: string | null): string | null {
  return asked ?? acceptedLanguages(c)[0] ?? null
}

export function pageList(list: List): PageList {
  const { slug, name, organisation, consent, privacyUrl } = list
  return { slug, name, organisation, consent, privacyUrl }
}

/** The script of live forms, for our own pages. */
export function scriptPath(deps: PublicDeps): string {
  return `${deps.basePath}/embed.js`
}

/** How the form and the pages that it leads to are sent: live, and in the frames of allowed sites. */
export function formPage(deps: PublicDeps, list: Pick<List, 'allowedOrigins'>) {
  return { hasScript: true, framedBy: list.allowedOrigins ?? deps.framedBy }
}

export function formPath(deps: PublicDeps, list: Pick<List, 'slug'>): string {
  return `${deps.basePath}/forms/${list.slug}`
}
