// What the public resources stand on.

import type { List } from '../../../flows/lists.ts'
import type { Service } from '../../../flows/service.ts'
import type { Client as FlowClient } from '../../../flows/sign-up.ts'
import type { LetterWatch } from '../../../flows/watch-letters.ts'
import type { PageList } from '../../../templates/models.ts'
import type { Shell } from '../shell/create-app.ts'
import type { HttpContext } from '../shell/http-env.ts'
import { requestLocale } from '../shell/locale.ts'

export type PublicDeps = {
  readonly service: Service
  readonly shell: Pick<Shell, 'clientOf' | 'sendPage' | 'streams'>
  readonly watch: LetterWatch
  /** Path of PUBLIC_URL: where forms post and redirects lead, on whatever host the visitor came by. */
  readonly basePath: string
  readonly hasDevMailbox: boolean
}

export function clientOf(deps: PublicDeps, c: HttpContext): FlowClient {
  const { address, keys, userAgent } = deps.shell.clientOf(c)
  return { address, key: keys[0] ?? null, wideKey: keys[1] ?? null, agent: userAgent }
}

export function localeOf(deps: PublicDeps, c: HttpContext, asked: string | null, list: List | null): string {
  return requestLocale(c, deps.service.templates.locales, { asked, list: list?.locale ?? null })
}

export function pageList(list: List): PageList {
  const { slug, name, organisation, consent, privacyUrl } = list
  return { slug, name, organisation, consent, privacyUrl }
}

export function formPath(deps: PublicDeps, list: Pick<List, 'slug'>): string {
  return `${deps.basePath}/forms/${list.slug}`
}
