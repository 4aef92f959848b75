/** Zero-width, soft-hyphen and direction marks: nobody types them, pasting brings them. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu

const SPACE = /\s/
const MAILTO = /^mailto:/i

/**
 * Takes away what surrounds an address without a question: space, `mailto:`, `<…>`, a dot, comma or semicolon
 * at the end, in any order and number; and invisible characters anywhere. Linear: only the two ends move.
 */
export function withoutSurroundings(input: string): string {
  const text = input.replace(INVISIBLE, '')
  let start = 0
  let end = text.length
  for (;;) {
    const before = end - start
    while (start < end && SPACE.test(text.charAt(start))) start += 1
    while (start < end && /[\s.,;]/.test(text.charAt(end - 1))) end -= 1
    if (text.charAt(start) === '<' && text.charAt(end - 1) === '>' && start < end - 1) {
      start += 1
      end -= 1
    }
    if (MAILTO.test(text.slice(start, Math.min(start + 7, end)))) {
      start += 7
      // RFC 6068: what follows a question mark are headers
      const query = text.indexOf('?', start)
      if (query >= 0 && query < end) end = query
    }
    if (end - start === before) return text.slice(start, end)
  }
}
