// What kind of CSV a file is, told from its beginning: delimiter, line ends, header, and which column has the addresses.
import { readAddress } from '../../core/address.ts'
import { UsageError } from '../command.ts'

export type CsvShape = {
  readonly hasHeader: boolean
  /** From 0. */
  readonly column: number
}

const delimiters = [',', ';', '\t', '|']

/** The one that stands most often in the first line outside of quotes; a comma where there is none. */
export function delimiterOf(beginning: string): string {
  const line = beginning.replaceAll(/"(?:[^"]|"")*"/g, '').split(/\r\n|\r|\n/, 1)[0] ?? ''
  const count = (sign: string) => line.split(sign).length - 1
  return delimiters.reduce((best, sign) => (count(sign) > count(best) ? sign : best))
}

export function lineEndOf(beginning: string): string {
  const at = beginning.search(/\r|\n/)
  if (at < 0) return '\n'
  return beginning.startsWith('\r\n', at) ? '\r\n' : beginning.charAt(at)
}

/** Names of the column, in the languages that such files come in; whole, or as a word of a longer one. */
const names =
  /(?:^|[^\p{L}])(?:e[- ]?mails?|mail|correo|courriel|e-?posta|adresse? e-?mail|メール|邮箱|이메일)(?:$|[^\p{L}])/iu

/** `rows`: the first of the file. Throws a UsageError that says what to name where no column can be told. */
export function shapeOf(rows: readonly (readonly string[])[], named: string | null): CsvShape {
  const [first = [], ...rest] = rows
  const hasHeader = !first.some(isAddress)
  if (named !== null) return { hasHeader, column: columnNamed(named, hasHeader ? first : null, first.length) }
  const byName = hasHeader ? first.findIndex((cell) => names.test(cell.trim())) : -1
  const column = byName >= 0 ? byName : fullestColumn(hasHeader ? rest : rows)
  if (column < 0) {
    const header = hasHeader
      ? ` The columns are: ${first.map((cell) => JSON.stringify(cell)).join(', ')}.`
      : ''
    throw new UsageError(
      `No column has addresses: name one with --column, by its name or its number.${header}`,
    )
  }
  return { hasHeader, column }
}

function columnNamed(named: string, header: readonly string[] | null, width: number): number {
  const wanted = named.trim().toLowerCase()
  const byName = header?.findIndex((cell) => cell.trim().toLowerCase() === wanted) ?? -1
  if (byName >= 0) return byName
  const number = /^\d+$/.test(wanted) ? Number(wanted) : 0
  if (number >= 1 && number <= width) return number - 1
  const known = header?.map((cell) => JSON.stringify(cell)).join(', ') ?? `the numbers 1 to ${width}`
  throw new UsageError(`There is no column ${JSON.stringify(named)}; there are ${known}`)
}

function isAddress(cell: string): boolean {
  return cell.includes('@') && readAddress(cell).kind === 'address'
}

/** The column with the most @ in it; -1 where none has any. */
function fullestColumn(rows: readonly (readonly string[])[]): number {
  const counts: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      if (cell.includes('@')) counts[column] = (counts[column] ?? 0) + 1
    }
  }
  const most = Math.max(0, ...counts.filter((count) => count !== undefined))
  return most === 0 ? -1 : counts.indexOf(most)
}
