// The scripts that we hand to browsers: written as modules in ../browser, sent as one classic script each. There is
// nothing to build: imports are followed once at start; lines of comment, indentation and space that says nothing are
// left out.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export type BrowserScript = { readonly text: string; readonly etag: string }

const folder = new URL('../browser/', import.meta.url)
const importLine = /^import .*? from '\.\/([\w-]+\.js)'$/

/** `name`: a file of ../browser. Names must differ over all that it imports, for they share one scope. */
export function readBrowserScript(name: string): BrowserScript {
  const lines: string[] = []
  const seen = new Set<string>()
  const add = (file: string) => {
    if (seen.has(file)) return
    seen.add(file)
    const own: string[] = []
    for (const line of codeLines(readFileSync(new URL(file, folder), 'utf8'))) {
      const imported = importLine.exec(line)?.[1]
      if (imported === undefined) own.push(line.replace(/^export /, ''))
      else add(imported)
    }
    lines.push(...own)
  }
  add(name)
  return withTag(`'use strict';(() => {\n${squeezed(lines)}\n})()\n`)
}

export function readBrowserFile(name: string): BrowserScript {
  return withTag(readFileSync(new URL(name, folder), 'utf8'))
}

function codeLines(text: string): string[] {
  let isComment = false
  return text
    .split('\n')
    .map((line) => line.replace(/(^| )\/\/ .*$/, '').trim())
    .filter((line) => {
      const begins = isComment || line.startsWith('/**')
      isComment = begins && !line.endsWith('*/')
      return !begins && line !== ''
    })
}

/**
 * Without the spaces around signs, and line ends at brackets. Templates over several lines, and lines with a regular
 * expression, stay as they are.
 */
function squeezed(lines: readonly string[]): string {
  const isCode = (n: number) => n % 2 === 0
  let isTemplate = false
  let text = ''
  for (const line of lines) {
    const wasTemplate = isTemplate
    if (line.split('`').length % 2 === 0) isTemplate = !isTemplate
    const parts = line.split(/('[^']*'|"[^"]*"|`[^`]*`)/)
    const isExpression = parts.some((part, n) => isCode(n) && part.includes('/'))
    if (wasTemplate || isTemplate || isExpression) {
      text += `${line}\n`
      continue
    }
    const short = parts
      .map((part, n) => (isCode(n) ? part.replaceAll(/ ?([=,{}()?:<>&|;[\]*+]) ?/g, '$1') : part))
      .join('')
    if (/^[})\]]/.test(short)) text = text.replace(/\n$/, '')
    text += /[{(,[]$/.test(short) ? short : `${short}\n`
  }
  return text
}

export function withTag(text: string): BrowserScript {
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"` }
}
