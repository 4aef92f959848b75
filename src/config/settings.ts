// One setting at a time: what is set, what it reads as, and the mistakes collected on the way.

export type Environment = Record<string, string | undefined>

/** `problem` completes "NAME is "value", …"; `instead` completes "write …". */
export type Reading<T> = { kind: 'value'; value: T } | { kind: 'wrong'; problem: string; instead: string }

export type Settings = {
  mistakes: string[]
  warnings: string[]
  isSet(name: string): boolean
  text(name: string): string | null
  /** A wrong value is noted as a mistake and read as `otherwise`, so that reading goes on to the next mistake. */
  read<T, U>(name: string, otherwise: U, parse: (text: string) => Reading<T>): T | U
  /** As `read`, for values that must not be printed. */
  readSecret<T, U>(name: string, otherwise: U, parse: (text: string) => Reading<T>): T | U
}

const longestShown = 80

export function openSettings(env: Environment): Settings {
  const mistakes: string[] = []
  const warnings: string[] = []

  function text(name: string): string | null {
    const value = env[name]?.trim()
    return value === undefined || value === '' ? null : value
  }

  function readWith<T, U>(
    name: string,
    otherwise: U,
    parse: (text: string) => Reading<T>,
    shown: (text: string) => string,
  ): T | U {
    const value = text(name)
    if (value === null) return otherwise
    const reading = parse(value)
    if (reading.kind === 'value') return reading.value
    mistakes.push(`${name}${shown(value)} ${reading.problem}: write ${reading.instead}`)
    return otherwise
  }

  return {
    mistakes,
    warnings,
    isSet: (name) => text(name) !== null,
    text,
    read: (name, otherwise, parse) =>
      readWith(name, otherwise, parse, (value) => ` is ${quoted(value)}, which`),
    readSecret: (name, otherwise, parse) => readWith(name, otherwise, parse, () => ''),
  }
}

/** A value as it may stand in a message on a terminal: on one line, and not endless. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value)
}
