/** The headers of a finished letter, unfolded, in their order. */
export function headersOf(raw: string): { name: string; value: string }[] {
  const head = raw.slice(0, raw.search(/\r?\n\r?\n/))
  return head
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const colon = line.indexOf(':')
      return colon > 0 ? [{ name: line.slice(0, colon), value: line.slice(colon + 1).trim() }] : []
    })
}
