const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#39': "'",
  '#64': '@',
  '#43': '+',
}
const BREAKING = /^\/?(?:br|p|div|tr|li|ul|h[1-6]|table|blockquote|pre)\b/
const SILENT = /^(?:style|script|head|title)\b/

/** The words of an HTML page, a line a block. Not for showing: only for reading what a notification says. Linear. */
export function textOfHtml(html: string): string {
  const lower = html.toLowerCase()
  const pieces: string[] = []
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open === -1) break
    const close = html.indexOf('>', open)
    if (close === -1) break
    pieces.push(html.slice(at, open))
    const tag = html.slice(open + 1, Math.min(close, open + 20)).toLowerCase()
    at = close + 1
    const silent = SILENT.exec(tag)?.[0]
    if (silent !== undefined) {
      const end = lower.indexOf(`</${silent}`, at)
      if (end === -1) return words(pieces)
      at = end
    } else pieces.push(BREAKING.test(tag) ? '\n' : ' ')
  }
  pieces.push(html.slice(at))
  return words(pieces)
}

function words(pieces: string[]): string {
  return pieces
    .join('')
    .replace(/&(#?\w{1,8});/g, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole)
    .replace(/[ \t]+/g, ' ')
}
