import type { Ending } from './ending.ts'

/** With anything behind it that makes an ending with the first: x.comcom, x.com.comar. */
const DOUBLED_COM = /\.com\.?com(?=$|\.?[a-z]{2}$)/

/**
 * Endings that are slips whatever the name is: doubled (x.com.com, x.comcom), made up (x.com.uk for x.co.uk), or
 * with the dot one letter late (xc.om for x.com). Null for all others.
 */
export function withoutMisplacedEnding(domain: string, ending: Ending): string | null {
  const { suffix, name } = ending
  if (domain.endsWith(`.${suffix}.${suffix}`)) return domain.slice(0, -suffix.length - 1)
  const last = suffix.slice(suffix.lastIndexOf('.') + 1)
  if (domain.endsWith(`.${last}.${last}`)) return domain.slice(0, -last.length - 1)
  if (!ending.live && DOUBLED_COM.test(domain)) return domain.replace(DOUBLED_COM, '.com')
  if (suffix === 'uk' && /.\.com$/.test(name)) return `${name.slice(0, -4)}.co.uk`
  if (suffix === 'om' && /^[^.]{2,}[a-z0-9]c$/.test(name)) return `${name.slice(0, -1)}.com`
  return null
}
