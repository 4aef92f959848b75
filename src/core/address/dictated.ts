// Addresses as they are spoken and written down by ear, or spelled out against collectors: john at jee mail dot com.

const AT = /\s*(?:\(at\)|\[at\]|\{at\}|<at>|\bat\s+sign\b)\s*|\s+at\s+/gi
const DOT = /\s*(?:\(dot\)|\[dot\]|\{dot\}|<dot>)\s*|\s+dot\s+/gi
/** `g mail` and the like, as they are heard. */
const HEARD: readonly (readonly [RegExp, string])[] = [
  [/^(?:g|gee|jee|ji)[\s-]*mail(?=\.|$)/, 'gmail'],
  [/^(?:google)\s+mail(?=\.|$)/, 'googlemail'],
  [/^hot\s+(?:mail|male)(?=\.|$)/, 'hotmail'],
  [/^out\s+look(?=\.|$)/, 'outlook'],
  [/^(?:i|eye)\s+cloud(?=\.|$)/, 'icloud'],
  [/^(?:ya\s+hoo|yah\s+hoo)(?=\.|$)/, 'yahoo'],
  [/^g\s*m\s*x(?=\.|$)/, 'gmx'],
  [/^a\s*o\s*l(?=\.|$)/, 'aol'],
  [/^(?:proton)\s+mail(?=\.|$)/, 'protonmail'],
]

/** The signs that stand as words, as signs. What has none of these words stays as it is. */
export function withSpelledSigns(text: string): string {
  return text
    .replace(/\uff20/g, '@')
    .replace(AT, '@')
    .replace(DOT, '.')
}

/** `jee mail.com`, with the dots already put in. */
export function domainHeard(domain: string): string {
  const text = domain.toLowerCase().replace(DOT, '.').trim()
  for (const [heard, meant] of HEARD) if (heard.test(text)) return text.replace(heard, meant)
  return text
}

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/\s+(?:underscore|under\s+score)\s+/gi, '_'],
  [/\s+(?:dash|hyphen|minus)\s+/gi, '-'],
  [/\s+plus\s+/gi, '+'],
]

/** The local part of a dictated address; its signs are words too. */
export function localHeard(local: string): string {
  return SIGNS.reduce((text, [word, sign]) => text.replace(word, sign), local)
}
