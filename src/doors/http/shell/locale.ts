// In which language a request is answered.
import { parseAcceptLanguage, pickLocale } from '../../../core/locale.ts'
import type { HttpContext } from './http-env.ts'

export type Wishes = {
  /** What the request itself names, in its body or query. */
  asked?: string | null | undefined
  /** The list's language, for who wishes nothing. */
  list?: string | null | undefined
}

/** One of `available`, whose first is the default: what is asked for, else Accept-Language, else the list's. */
export function requestLocale(c: HttpContext, available: readonly string[], wishes: Wishes = {}): string {
  const header = c.req.header('accept-language')
  const accepted = header === undefined ? [] : parseAcceptLanguage(header)
  return pickLocale(available, [wishes.asked, ...accepted, wishes.list])
}
