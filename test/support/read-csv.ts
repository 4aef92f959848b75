/** RFC 4180 to the letter: records end in CRLF, and quotes stand around a whole cell. Throws at anything else. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length) {
    const match = /"(?:[^"]|"")*"|[^",\r\n]*/y
    match.lastIndex = at
    const cell = match.exec(text)?.[0] ?? ''
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
    at += cell.length
    if (text[at] === ',') at++
    else if (text.startsWith('\r\n', at)) {
      rows.push(row)
      row = []
      at += 2
    } else throw new Error(`no cell ends at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`)
  }
  if (row.length > 0) throw new Error('the last record has no end')
  return rows
}
