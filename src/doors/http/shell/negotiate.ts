// Whether a page or JSON is wanted (RFC 9110, 12.5.1). Programs that say nothing, or `*/*`, get JSON.
import type { HttpContext } from './http-env.ts'

const LONGEST_HEADER = 1000

export function wantsHtml(c: HttpContext): boolean {
  return prefersHtml(c.req.header('accept'))
}

/** True where `accept` names HTML and prefers it to JSON; JSON wins a tie. */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined || !/text\//i.test(accept)) return false
  const ranges = accept.slice(0, LONGEST_HEADER).split(',').map(readRange)
  const html = weightOf(ranges, ['text/html', 'text/*'])
  return (
    html > 0 &&
    html > weightOf(ranges, ['application/json', 'application/problem+json', 'application/*', '*/*'])
  )
}

type Range = { type: string; weight: number }

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const q = parameters.find((parameter) => parameter.startsWith('q='))
  const weight = q === undefined ? 1 : Number(q.slice(2))
  return { type, weight: weight >= 0 && weight <= 1 ? weight : 0 }
}

/** The weight of the most specific of `types` that is named; they stand most specific first. */
function weightOf(ranges: readonly Range[], types: readonly string[]): number {
  for (const type of types) {
    const range = ranges.find((one) => one.type === type)
    if (range !== undefined) return range.weight
  }
  return 0
}
