// Lines of any input in constant memory, many at a time: a promise for each line would cost more than the line.

/** What a line has beyond this is dropped: no address is so long, and one line must not fill the memory. */
export const longestLine = 64 * 1024

/** Lines end with LF or CRLF; what follows the last one is a line where there is something. */
export async function* linesOf(source: AsyncIterable<Uint8Array | string>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of source) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    const lines = (rest + text).split('\n')
    rest = (lines.pop() ?? '').slice(0, longestLine)
    if (lines.length > 0) yield lines.map(withoutEnd)
  }
  rest += decoder.decode()
  if (rest !== '') yield [withoutEnd(rest)]
}

function withoutEnd(line: string): string {
  return (line.endsWith('\r') ? line.slice(0, -1) : line).slice(0, longestLine)
}
