// What is wrong with the templates: collected, and reported all at once with file and line.

import { LiquidError } from 'liquidjs'
import type { Sources } from './read-folder.ts'

export class TemplateError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(`The templates cannot be used:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`)
    this.name = 'TemplateError'
    this.mistakes = mistakes
  }
}

// A phrase lies in the middle of a catalogue: it is parsed under the name `de/pages.json#17`.
const PHRASE = /^(.*)#(\d+)$/

export function phraseFile(file: string, line: number): string {
  return `${file}#${line}`
}

/** `templates/de/pages.json:17` for a place inside a file or phrase. */
export function placeOf(sources: Sources, file: string | undefined, row: number): string {
  const [, phrase, start] = PHRASE.exec(file ?? '') ?? []
  const name = phrase ?? file ?? ''
  const line = start === undefined ? row : Number(start)
  return `${sources.get(name)?.origin ?? name}:${line}`
}

/**
 * One line about an error of the template engine; null when it is not one. `nameOf` tells the file from its text, for
 * liquidjs forgets the file of an undefined variable.
 */
export function describeLiquidError(
  sources: Sources,
  error: unknown,
  nameOf: (text: string) => string | undefined,
): string | null {
  if (!LiquidError.is(error)) return null
  const { token } = error
  const [row] = token.getPosition()
  const said = error.message.replace(/, file:.*$/s, '').replace(/, line:\d+, col:\d+$/, '')
  return `${placeOf(sources, token.file ?? nameOf(token.input), row ?? 1)}: ${said}`
}
