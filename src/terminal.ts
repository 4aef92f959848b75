// Words for people, on standard error.
import { readFileSync } from 'node:fs'

export function say(lines: readonly string[]): void {
  if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`)
}

let isShown = false
let shownAt = 0
const betweenMs = 200

/** One line that is written over, on a terminal only; null takes it away. */
export function showProgress(text: (() => string) | null): void {
  if (!process.stderr.isTTY) return
  if (text === null) {
    if (isShown) process.stderr.write('\r\u001b[K')
    isShown = false
    return
  }
  if (performance.now() - shownAt < betweenMs) return
  shownAt = performance.now()
  isShown = true
  process.stderr.write(`\r${text()}\u001b[K`)
}

/** The `.env` file of the working directory; null where there is none. */
export function readEnvFile(): string | null {
  try {
    return readFileSync('.env', 'utf8')
  } catch {
    return null
  }
}
