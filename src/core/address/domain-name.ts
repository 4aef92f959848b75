/** Why a domain cannot be one; each value is also named in `InvalidReason` of read-plain.ts. */
export type DomainFault = {
  reason: 'missing-domain' | 'bad-character' | 'bad-domain' | 'single-label' | 'address-literal' | 'too-long'
  detail: string
}

export type DomainReading = { kind: 'domain'; ascii: string } | ({ kind: 'invalid' } & DomainFault)

const PLAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** A whole address takes 254 octets (RFC 5321 4.5.3.1.3), so its domain can have 252 at most. */
const MAX_DOMAIN = 252

/**
 * A domain name as mail needs it: ASCII, lower case, two labels or more (RFC 1123, RFC 5321 2.3.5; IDNA by
 * UTS 46). Literals such as [192.0.2.1] and bare names such as localhost are refused: no subscriber has one.
 */
export function readDomainName(text: string): DomainReading {
  if (text === '') return invalid('missing-domain', 'Nothing stands after the @.')
  if (text.startsWith('[')) {
    return invalid(
      'address-literal',
      'A number in brackets is not a mail domain; a name such as example.com is.',
    )
  }
  if (text.length > 1000) return invalid('too-long', `A domain has at most ${MAX_DOMAIN} characters.`)
  const lower = asciiLowerCase(text)
  const ascii = PLAIN.test(lower) ? lower : toAscii(lower)
  if (typeof ascii !== 'string') return ascii
  return checkLabels(ascii)
}

function checkLabels(ascii: string): DomainReading {
  if (ascii.length > MAX_DOMAIN) {
    return invalid('too-long', `The domain has ${ascii.length} characters; ${MAX_DOMAIN} is the most.`)
  }
  const labels = ascii.split('.')
  for (const label of labels) {
    if (!LABEL.test(label)) return badLabel(label)
  }
  const last = labels.at(-1) ?? ''
  if (/^\d+$/.test(last)) return invalid('bad-domain', `No domain ends in a number (“.${last}”).`)
  if (labels.length === 1) {
    return invalid('single-label', `The domain “${ascii}” lacks its ending, such as .com.`)
  }
  return { kind: 'domain', ascii }
}

function badLabel(label: string): DomainReading {
  if (label === '') return invalid('bad-domain', 'A dot in the domain has nothing before or after it.')
  if (label.length > 63) return invalid('bad-domain', 'A part of the domain is longer than 63 characters.')
  if (!/^-|-$/.test(label)) return invalid('bad-domain', 'The domain has letters that no domain can have.')
  return invalid('bad-domain', `The part “${label}” of the domain begins or ends with a hyphen.`)
}

/**
 * IDNA2008 (RFC 5892) has letters, marks and digits in a name, and a few signs between them; UTS 46 alone would take
 * quotation marks and pictures as well. Wide letters and dots are mapped to plain ones.
 */
const NAME_SIGN = /[\p{L}\p{M}\p{N}\u00b7\u0375\u05f3\u05f4\u30fb\u3002\uff0e\uff61\uff0d]|\u200c|\u200d/u

/** By the URL parser, which is UTS 46 without an import. It also reads IPv4 forms, ports and paths: all of
 *  those need an ASCII character that is refused here first, or are seen by the checks that follow. */
function toAscii(text: string): string | DomainReading {
  let position = 0
  for (const character of text) {
    position += 1
    if (!(character < '\u0080' ? /[a-z0-9.-]/ : NAME_SIGN).test(character)) {
      return invalid(
        'bad-character',
        `${nameOf(character)} at position ${position} of the domain cannot stand there.`,
      )
    }
  }
  if (!/[^\u0000-\u007f]/.test(text)) return text
  const host = URL.parse(`http://${text}`)?.hostname
  if (host === undefined || host === '') {
    return invalid('bad-domain', 'The domain has letters that no domain can have.')
  }
  return host
}

function invalid(reason: DomainFault['reason'], detail: string): DomainReading {
  return { kind: 'invalid', reason, detail }
}

/** A to Z only: `toLowerCase` would turn the Kelvin sign into a k and would touch other scripts. */
export function asciiLowerCase(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()) : text
}

/** “,” or, where it could not be seen or would harm a terminal, U+000A. */
export function nameOf(character: string): string {
  if (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)) return `“${character}”`
  if (character === ' ') return 'A space'
  const code = character.codePointAt(0) ?? 0
  return `The character U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}
