import { field, type HeaderBlock, readHeaders } from './header-block.ts'

/** Limits of the walk: real reports have three parts on two levels. What lies beyond is read as text or not at all. */
const MOST_PARTS = 40
const DEEPEST = 5

/** A leaf of a message, its body still encoded. `message/*` is a leaf too: what is in it was not written to us. */
export type Part = { type: string; headers: HeaderBlock; body: string }

const BOUNDARY = /\bboundary[ \t]*=[ \t]*(?:"([^"]{1,400})"|([^\s;"]{1,400}))/i
const GUESSED_BOUNDARY = /(?:^|\n)--([^\n]{1,200})\n(?=content-(?:type|description|transfer|disposition))/i

/** The leaves of a message in order. Pure; never deeper than 5 levels, never more than 40 parts. */
export function readParts(headers: HeaderBlock, body: string): Part[] {
  const parts: Part[] = []
  walk(headers, body, 0, parts)
  return parts
}

function walk(headers: HeaderBlock, body: string, depth: number, parts: Part[]): void {
  if (parts.length >= MOST_PARTS) return
  const type = mediaType(headers)
  const pieces = type === null || type.startsWith('multipart/') ? split(headers, body, type !== null) : []
  if (pieces.length === 0 || depth >= DEEPEST) {
    parts.push({ type: type === null || type.startsWith('multipart/') ? 'text/plain' : type, headers, body })
    return
  }
  for (const piece of pieces) {
    const inner = readHeaders(piece)
    walk(inner, piece.slice(inner.end), depth + 1, parts)
  }
}

function mediaType(headers: HeaderBlock): string | null {
  const value = field(headers, 'content-type')
  if (value === null) return null
  return /^[ \t]*([\w.+-]{1,60}\/[\w.+-]{1,80})/.exec(value)?.[1]?.toLowerCase() ?? 'text/plain'
}

/** The pieces of a multipart body; a boundary that is missing or wrong is guessed from the first that is used. */
function split(headers: HeaderBlock, body: string, declared: boolean): string[] {
  const found = BOUNDARY.exec(field(headers, 'content-type') ?? '')
  const stated = found?.[1] ?? found?.[2]
  if (stated !== undefined) {
    const pieces = cutAt(body, `--${stated.trimEnd()}`)
    if (pieces.length > 0) return pieces
  }
  const guessed = GUESSED_BOUNDARY.exec(body.slice(0, declared ? 65536 : 2048))
  if (guessed?.[1] === undefined || (!declared && guessed.index > 600)) return []
  return cutAt(body, `--${guessed[1].trimEnd()}`)
}

function cutAt(body: string, delimiter: string): string[] {
  const lineWith = finder(body, delimiter)
  const pieces: string[] = []
  let start = -1
  let at = body.startsWith(delimiter) ? 0 : lineWith(0)
  while (at !== -1 && pieces.length < MOST_PARTS) {
    if (start !== -1) pieces.push(body.slice(start, Math.max(start, at - 1)))
    const endOfLine = body.indexOf('\n', at + delimiter.length)
    start = endOfLine === -1 ? body.length : endOfLine + 1
    if (body.startsWith('--', at + delimiter.length)) return pieces
    at = lineWith(Math.max(at, start - 1))
  }
  if (start !== -1 && start < body.length && pieces.length < MOST_PARTS) pieces.push(body.slice(start))
  return pieces
}

const LARGE = 65536

/**
 * Where the next line after `from` begins with `delimiter`, or -1. In a megabyte of newlines `indexOf` takes 6 ms for
 * a short delimiter and an expression a third of that; levels multiply it.
 */
function finder(body: string, delimiter: string): (from: number) => number {
  if (body.length < LARGE) {
    return (from) => {
      const newline = body.indexOf(`\n${delimiter}`, from)
      return newline === -1 ? -1 : newline + 1
    }
  }
  const line = new RegExp(`^${RegExp.escape(delimiter)}`, 'gm')
  return (from) => {
    line.lastIndex = from + 1
    return line.exec(body)?.index ?? -1
  }
}
