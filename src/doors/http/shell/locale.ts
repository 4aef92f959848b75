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
  return pickLocale(available, [wishes.asked, ...acceptedLanguages(c), wishes.list])
}

/** Few browsers say something new: what was read of a header is kept, and all of it dropped when it is much. */
const read = new Map<string, readonly string[]>()
const mostKept = 500
const longestKept = 128

/** The languages of Accept-Language, most wanted first. */
export function acceptedLanguages(c: HttpContext): readonly string[] {
  const header = c.req.header('accept-language')
  if (header === undefined) return []
  const known = read.get(header)
  if (known !== undefined) return known
  const languages = parseAcceptLanguage(header)
  if (header.length > longestKept) return languages
  if (read.size >= mostKept) read.clear()
  read.set(header, languages)
  return languages
}
