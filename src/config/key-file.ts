// A setting that names a file: read, and judged by what is in it.
import type { Reading } from './settings.ts'

/** What is wrong with a text; null where nothing is. May throw, which is `none`. */
export type FileRules = {
  readonly problemIn: (text: string) => string | null
  /** completes "which …", where the text is nothing of the kind */
  readonly none: string
  readonly instead: string
}

export function readFileSetting(
  readFile: (path: string) => string,
  { problemIn, none, instead }: FileRules,
): (path: string) => Reading<string> {
  return (path) => {
    let text: string
    try {
      text = readFile(path)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
      return { kind: 'wrong', problem: `cannot be read${code}`, instead }
    }
    try {
      const problem = problemIn(text)
      return problem === null ? { kind: 'value', value: text } : { kind: 'wrong', problem, instead }
    } catch {
      return { kind: 'wrong', problem: none, instead }
    }
  }
}
