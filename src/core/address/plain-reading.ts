import { cleanDomain } from '../suggestion/clean-domain.ts'
import { suggestDomain } from '../suggestion/suggest-domain.ts'
import { TARGET_DOMAINS } from '../suggestion/target-list.ts'
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
  const inner = insideBrackets(text) ?? insideQuotes(text) ?? text
  const spelled = inner.includes('@') ? inner : withSpelledSigns(inner)
  const pieces = spelled.split(/\s*@+\s*/)
  const [local = '', domain = ''] = pieces
  if (pieces.length > 2) return null
  if (pieces.length === 2) return /\s/.test(local) ? null : { local, domain }
  return partsWithoutAt(spelled)
}

/** Anna Example <anna@example.com>, as a mail program shows it. */
function insideBrackets(text: string): string | null {
  return /^[^<>@]*<([^<>\s]+)>$/.exec(text)?.[1] ?? null
}

function insideQuotes(text: string): string | null {
  return /^(?:'([^']+)'|"([^"]+)"|“([^”]+)”|‘([^’]+)’|`([^`]+)`)$/.exec(text)?.slice(1).find(Boolean) ?? null
}

/** john(at)gmail.com, john at gmail dot com, and the wide signs of Asian keyboards. */
function withSpelledSigns(text: string): string {
  return text
    .replace(/\uff20/g, '@')
    .replace(/\s*(?:\(at\)|\[at\]|\{at\}|<at>| at )\s*/gi, '@')
    .replace(/\s*(?:\(dot\)|\[dot\]|\{dot\}| dot )\s*/gi, '.')
}

/** john gmail.com, and johngmail.com where the tail is one of the large mail domains. */
function partsWithoutAt(text: string): Parts | null {
  const words = text.split(/\s+/)
  const [local = '', domain = ''] = words
  if (words.length === 2)
    return domain.includes('.') || TARGET_DOMAINS.has(`${domain}.com`) ? { local, domain } : null
  if (words.length !== 1) return null
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
  // Signs that stand for a dot may be read as one; a letter that is none leaves open what was meant.
  const domain = target ?? (PLAIN.test(typed) ? cleanDomain(typed) : null)
  return domain?.includes('.') ? domain : null
}
