import { cleanDomain } from '../suggestion/clean-domain.ts'
import { suggestDomain } from '../suggestion/suggest-domain.ts'
import { TARGET_DOMAINS } from '../suggestion/target-list.ts'
import { domainHeard, localHeard, withSpelledSigns } from './dictated.ts'
import { textGluedTo } from './glued.ts'
import { withoutWrapping } from './pasted.ts'
import { readPlain } from './read-plain.ts'

export type FormatSuggestion = { email: string; domain: string; reason: 'format' }

/**
 * The one plain reading of a text that is no address, or null where there is none or more than one. It only
 * repairs what cannot be part of an address, and what it gives reads as an address that raises no question.
 */
export function plainReading(text: string): FormatSuggestion | null {
  if (/\p{Cc}/u.test(text)) return null
  const parts = partsOf(text)
  if (parts === null) return null
  if (parts.domain.startsWith('[')) return null
  const domain = domainMeant(parts.domain)
  if (domain === null) return null
  const reading = readPlain(`${localMeant(parts.local)}@${domain}`)
  if (reading.kind !== 'address') return null
  const { email } = reading.address
  return { email, domain: reading.address.domain, reason: 'format' }
}

const LONGEST_TARGET = 24
/** What is glued to a domain is somebody's name, and neither begins nor ends with a sign. */
const LETTERED = /^[\p{L}\p{N}](?:.*[\p{L}\p{N}])?$/su

type Parts = { local: string; domain: string }

function partsOf(text: string): Parts | null {
  const inner = withoutWrapping(text)
  const spelled = inner.includes('@') ? inner : withSpelledSigns(inner)
  const pieces = spelled.split(/\s*@+\s*/)
  const [local = '', domain = ''] = pieces
  if (pieces.length === 2) {
    const heard = localHeard(local)
    return /\s/.test(heard) ? null : { local: heard, domain: domainHeard(domain) }
  }
  if (pieces.length === 3) return partsWithTwoAts(local, domain, pieces[2] ?? '')
  return pieces.length > 3 ? null : partsWithoutAt(spelled)
}

/** john@gmail.com@gmail.com, typed twice, and john@gmail@com, where the second stands for the dot. */
function partsWithTwoAts(local: string, first: string, second: string): Parts | null {
  if (/\s/.test(local)) return null
  if (first.toLowerCase() === second.toLowerCase()) return { local, domain: first }
  const joined = `${first}.${second}`
  return TARGET_DOMAINS.has(joined.toLowerCase()) ? { local, domain: joined } : null
}

/** john gmail.com, and johngmail.com where the tail is one of the large mail domains. */
function partsWithoutAt(text: string): Parts | null {
  const words = text.split(/\s+/)
  const [local = '', domain = ''] = words
  if (words.length === 2)
    return domain.includes('.') || TARGET_DOMAINS.has(`${domain}.com`) ? { local, domain } : null
  if (words.length !== 1 || TARGET_DOMAINS.has(text.toLowerCase())) return null
  const run = /^(.+)at([a-z]{2,20})dot([a-z]{2,6})$/i.exec(text)
  if (run !== null && TARGET_DOMAINS.has(`${run[2]}.${run[3]}`.toLowerCase())) {
    return { local: run[1] ?? '', domain: `${run[2]}.${run[3]}` }
  }
  for (let i = Math.max(1, text.length - LONGEST_TARGET); i < text.length - 3; i += 1) {
    const tail = text.slice(i)
    const local = text.slice(0, i)
    if (TARGET_DOMAINS.has(tail.toLowerCase())) return LETTERED.test(local) ? { local, domain: tail } : null
  }
  return null
}

function localMeant(local: string): string {
  return local
    .normalize('NFC')
    .replace(/\.{2,}/g, '.')
    .replace(/^\.|\.$/g, '')
}

const NUMERIC = /^[\d.]+$/
const PLAIN = /^[\p{L}\p{M}\p{N}.,;:/\-\s\u3002\uff0e\uff61]*$/u

function domainMeant(typed: string): string | null {
  const target = suggestDomain(typed)
  if (NUMERIC.test(typed)) return null
  // gmail.com carlos: what follows a whole domain is no part of it
  const whole = /^(\S+)\s+\S/.exec(typed)?.[1] ?? ''
  if (TARGET_DOMAINS.has(whole) || textGluedTo(typed) !== null) return null
  // Signs that stand for a dot may be read as one; a letter that is none leaves open what was meant.
  const domain = target ?? (PLAIN.test(typed) ? cleanDomain(typed) : null)
  return domain?.includes('.') ? domain : null
}
