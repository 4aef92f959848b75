// What comes along when an address is copied: its label, its brackets and quotes, the name in front of it.

const BRACKETS = /^[^<>@]*<([^<>\s]+)>$/
const QUOTES = /^(?:'([^']+)'|"([^"]+)"|“([^”]+)”|‘([^’]+)’|„([^“”]+)[“”]|«\s?([^»]+?)\s?»|`([^`]+)`)$/
const PAIRS = /^(?:\(([^()]+)\)|\[([^[\]]+)\]|\{([^{}]+)\})$/
/** `E-Mail: `, `Correo electrónico:`; a word or three, and never a sign that an address may have. */
const LABEL = /^[\p{L}\p{M}]{1,20}(?:[ -][\p{L}\p{M}]{1,20}){0,2}\s*[:：]\s*(?=[^\s:@]+@)/u
const SCHEME = /^https?:\/\/(?=[^\s/@]+@)/i

/** The address inside of what surrounds it; the text itself where nothing does. */
export function withoutWrapping(text: string): string {
  const inner =
    BRACKETS.exec(text)?.[1] ??
    QUOTES.exec(text)?.slice(1).find(Boolean) ??
    PAIRS.exec(text)?.slice(1).find(Boolean) ??
    text
  return inner.replace(SCHEME, '').replace(LABEL, '').trim()
}
