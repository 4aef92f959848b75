// Which language a person gets. Language tags are BCP 47, matching is RFC 4647 section 3.4 (lookup).

const LONGEST_HEADER = 512
const MOST_WISHES = 20
const TAG = /^[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,7}$/i
const WEIGHT = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i

/**
 * The tags of an Accept-Language header, most wanted first (RFC 9110, 12.5.4). Whatever is malformed, `*` and q=0 are
 * left out. Never throws; of a longer header the first 512 characters count.
 */
export function parseAcceptLanguage(header: string): string[] {
  const items = header.slice(0, LONGEST_HEADER).split(',')
  if (header.length > LONGEST_HEADER) items.pop() // cut somewhere inside it
  const wishes: { tag: string; weight: number }[] = []
  for (const item of items.slice(0, MOST_WISHES)) {
    const [tag = '', parameter, ...more] = item.split(';').map((part) => part.trim())
    const weight = parameter === undefined ? '1' : WEIGHT.exec(parameter)?.[1]
    if (weight === undefined || more.length > 0 || !TAG.test(tag)) continue
    if (Number(weight) > 0) wishes.push({ tag, weight: Number(weight) })
  }
  return wishes.sort((a, b) => b.weight - a.weight).map((wish) => wish.tag)
}

/**
 * The first wish that can be met: de-AT is met by de, and pt by pt-BR (same language and script). When none can, the
 * first of `available`, which is the default and must exist. Absent and malformed wishes are passed over.
 */
export function pickLocale(
  available: readonly string[],
  wanted: readonly (string | null | undefined)[],
): string {
  const [fallback] = available
  if (fallback === undefined) throw new Error('pickLocale: no locale is available')
  for (const wish of wanted) {
    if (!wish || !TAG.test(wish)) continue
    const met = lookup(available, wish) ?? sameLanguage(available, wish)
    if (met !== undefined) return met
  }
  return fallback
}

function lookup(available: readonly string[], wish: string): string | undefined {
  let range = wish.toLowerCase()
  while (range !== '') {
    const met = available.find((locale) => locale.toLowerCase() === range)
    if (met !== undefined) return met
    // RFC 4647: cut the last subtag, and a single-letter one (an extension's mark) that would then stand last.
    range = range.slice(0, Math.max(0, range.lastIndexOf('-'))).replace(/-[a-z0-9]$/, '')
  }
  return undefined
}

function sameLanguage(available: readonly string[], wish: string): string | undefined {
  const likely = likelyScript(wish)
  return likely === undefined ? undefined : available.find((locale) => likelyScript(locale) === likely)
}

function likelyScript(tag: string): string | undefined {
  try {
    const { language, script } = new Intl.Locale(tag).maximize()
    return `${language}-${script ?? ''}`
  } catch {
    return undefined // passes our pattern, yet is no language tag
  }
}
