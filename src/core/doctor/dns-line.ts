// RFC 1035, section 3.3: one string of a TXT record has 255 octets.
const longestString = 255

/** A TXT record as a zone file has it, in strings that each fit. */
export function txtLine(name: string, text: string): string {
  const strings = text.match(new RegExp(`.{1,${longestString}}`, 'gs')) ?? ['']
  return `${name}. TXT ${strings.map((part) => `"${part.replace(/["\\]/g, '\\$&')}"`).join(' ')}`
}

export function mxLine(name: string, host: string): string {
  return `${name}. MX 10 ${host}.`
}

/** Text that others wrote, on one line of a terminal. */
export function shown(text: string, longest = 200): string {
  const line = text.replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ')
  return `"${line.length > longest ? `${line.slice(0, longest)}…` : line}"`
}
