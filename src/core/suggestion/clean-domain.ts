import { asciiLowerCase, readDomainName } from '../address/domain-name.ts'
import { withoutSurroundings } from '../address/surroundings.ts'

const PLAIN = /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]*[a-z0-9])+$/

/** `www.` and its own slips before a domain. */
export const WWW = /^(?=(?:[^.]*w){2})[a-z]{2,4}\.(?=[^.]+\.[^.])/

/** Beyond this no slip of a mail domain is worth looking for. */
const LONGEST = 253

/**
 * What was plainly meant by a domain with foreign marks in it: `gmail,com`, `gmail..com`, `#gmail.com`,
 * `exa mple.com`. ASCII and lower case, perhaps without a dot; null where nothing plain is left.
 */
export function cleanDomain(typed: string): string | null {
  if (typed.length > 4 * LONGEST) return null
  const lower = asciiLowerCase(typed)
  if (PLAIN.test(lower)) return withoutWww(lower)
  const text = asciiLowerCase(withoutSurroundings(typed.normalize('NFKC')))
    .replace(/^https?:\/\//, '')
    .replace(/\.co[<>]$/, '.com')
    .replace(/[,;:/\u3002]/g, '.')
    .replace(/[\s!#$%&'*+=?^_`|~\u00b4\u2018\u2019\u201c\u201d]/g, '')
    .replace(/^["()<>@[\]{}\\]+|["()<>@[\]{}\\]+$/g, '')
    .replace(/\.[.-]*\.|-\.|\.-/g, '.')
    .replace(/^[.-]+|[.-]+$/g, '')
  if (text === '') return null
  if (/^[a-z0-9-]+$/.test(text)) return text
  const reading = readDomainName(withoutWww(text))
  return reading.kind === 'domain' && reading.ascii.length <= LONGEST ? reading.ascii : null
}

function withoutWww(domain: string): string {
  const match = WWW.exec(domain)
  return match === null ? domain : domain.slice(match[0].length)
}
