// Words for people, on standard error.
import { readFileSync } from 'node:fs'

export function say(lines: readonly string[]): void {
  if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`)
}

/** The `.env` file of the working directory; null where there is none. */
export function readEnvFile(): string | null {
  try {
    return readFileSync('.env', 'utf8')
  } catch {
    return null
  }
}
