/** Limits on what is read of one header block; a real report has about 40 headers and 5 KB of them. */
const MOST_LINES = 2000
const LONGEST_VALUE = 8192

const FIELD = /^([!-9;-~]{1,80})[ \t]*:/

/** Header fields in order; names in lower case, values unfolded and trimmed. */
export type HeaderBlock = { fields: [name: string, value: string][]; end: number }

/**
 * Reads header fields from `start` up to the first empty line (`end` is what follows it) or `until`. Lines that are
 * no fields are passed over, so that a damaged header costs itself only.
 */
export function readHeaders(text: string, start = 0, until = text.length): HeaderBlock {
  const fields: [string, string][] = []
  let at = start
  for (let lines = 0; at < until; lines += 1) {
    const newline = text.indexOf('\n', at)
    const stop = newline === -1 || newline > until ? until : newline
    if (stop === at) return { fields, end: Math.min(stop + 1, until) }
    if (lines < MOST_LINES) readLine(text.slice(at, Math.min(stop, at + LONGEST_VALUE)), fields)
    else {
      const gap = text.indexOf('\n\n', at)
      return { fields, end: gap === -1 || gap + 2 > until ? until : gap + 2 }
    }
    at = stop + 1
  }
  return { fields, end: until }
}

function readLine(line: string, fields: [string, string][]): void {
  const last = fields.at(-1)
  if (line[0] === ' ' || line[0] === '\t') {
    if (last !== undefined && last[1].length < LONGEST_VALUE) last[1] = `${last[1]} ${line.trim()}`.trim()
    return
  }
  const name = FIELD.exec(line)
  if (name?.[1] !== undefined) fields.push([name[1].toLowerCase(), line.slice(name[0].length).trim()])
}

/** The first value of a field, or null. */
export function field(block: HeaderBlock, name: string): string | null {
  return block.fields.find(([key]) => key === name)?.[1] ?? null
}

/** Every value of a field, in order. */
export function allFields(block: HeaderBlock, name: string): string[] {
  return block.fields.filter(([key]) => key === name).map(([, value]) => value)
}
