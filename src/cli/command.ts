// What a command is given and how it ends.
import type { Readable, Writable } from 'node:stream'
import { parseArgs } from 'node:util'

export type Around = {
  /** The environment with the lines of `.env` behind it. */
  readonly environment: () => Record<string, string | undefined>
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable
  /** Messages for people, on standard error. */
  readonly say: (lines: readonly string[]) => void
  /** Ctrl-C: what is under way is broken off and cleaned up. */
  readonly signal: AbortSignal
}

/** Resolves with the exit status: 0 ok, 1 failed. */
export type Command = (args: readonly string[], around: Around) => Promise<number>

/** 64: the command was not called as it can be. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** 78: as `serve` ends with wrong settings. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.mistakes = mistakes
  }
}

type Called = { readonly values: ReadonlyMap<string, string>; readonly operands: readonly string[] }

/** Options (`flags` without a value) may stand anywhere; after `--` everything is an operand. */
export function readArguments(
  args: readonly string[],
  names: readonly string[] = [],
  flags: readonly string[] = [],
): Called {
  const options = Object.fromEntries([
    ...names.map((name) => [name, { type: 'string' as const }]),
    ...flags.map((name) => [name, { type: 'boolean' as const }]),
  ])
  const values = new Map<string, string>()
  try {
    const { tokens, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      tokens: true,
    })
    for (const token of tokens) {
      if (token.kind !== 'option') continue
      if (values.has(token.name)) throw new UsageError(`${token.rawName} is given twice`)
      values.set(token.name, token.value ?? '')
    }
    return { values, operands: positionals }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(error.message.split('. ')[0] ?? error.message)
  }
}

/** For commands that take exactly these operands. */
export function readOperands(args: readonly string[], names: readonly string[]): string[] {
  const { operands } = readArguments(args)
  const missing = names[operands.length]
  if (missing !== undefined) throw new UsageError(`${missing} is missing`)
  const extra = operands[names.length]
  if (extra !== undefined) throw new UsageError(`${JSON.stringify(extra)} is one word too many`)
  return [...operands]
}
