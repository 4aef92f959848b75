// Options of a benchmark: `--name N`, all of them whole numbers.
import { parseArgs } from 'node:util'

/** The command was written wrongly; the message says how it is written. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage'
}

/** `known` gives each option its default. */
export function readOptions<K extends string>(
  given: readonly string[],
  known: Readonly<Record<K, number>>,
): Record<K, number>
export function readOptions(
  given: readonly string[],
  known: Readonly<Record<string, number>>,
): Record<string, number> {
  const names = Object.keys(known)
  const howTo = `Options: ${names.map((name) => `--${name} N`).join(', ')}`
  const values = parse(given, names, howTo)
  return Object.fromEntries(
    Object.entries(known).map(([name, usual]) => [name, wholeNumber(name, values[name], usual, howTo)]),
  )
}

function parse(
  given: readonly string[],
  names: readonly string[],
  howTo: string,
): Record<string, string | undefined> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  try {
    return parseArgs({ args: [...given], options, strict: true }).values
  } catch (error) {
    throw new WrongUsage(
      `${error instanceof Error ? error.message : 'The options are not readable.'}\n${howTo}`,
    )
  }
}

function wholeNumber(name: string, text: string | undefined, usual: number, howTo: string): number {
  if (text === undefined) return usual
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new WrongUsage(`--${name} is ${text}, but must be a whole number above 0.\n${howTo}`)
}
