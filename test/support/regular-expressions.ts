import { readSourceFiles } from './source-files.ts'

/** A regular expression as it stands in the source, or as it was put together when a module was loaded. */
export type Expression = { source: string; flags: string; from: string }

const BEFORE_LITERAL = /(?:^|[=(,:;[!&|?{}+>]|\breturn|\bcase)\s*$/
const LITERAL = /\/((?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\\\]\n]|\\.)*\])+)\/([dgimsuvy]*)/y
const PASSED_OVER = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/y

/** The regular expression literals of a TypeScript source: comments and strings passed over, templates looked into. */
function literalsIn(code: string, from: string): Expression[] {
  const found: Expression[] = []
  let at = 0
  while (at < code.length) {
    const next = code.slice(at).search(/[/'"]/)
    if (next === -1) break
    at += next
    LITERAL.lastIndex = at
    PASSED_OVER.lastIndex = at
    const literal = BEFORE_LITERAL.test(code.slice(Math.max(0, at - 40), at)) ? LITERAL.exec(code) : null
    const over = literal === null ? PASSED_OVER.exec(code) : null
    if (literal?.[1] !== undefined) found.push({ source: literal[1], flags: literal[2] ?? '', from })
    at += literal?.[0].length ?? over?.[0].length ?? 1
  }
  return found
}

/** Runs `load` and gives the expressions that were made by `new RegExp` meanwhile. */
async function madeDuring(load: () => Promise<unknown>, from: string): Promise<Expression[]> {
  const made: Expression[] = []
  const genuine = globalThis.RegExp
  globalThis.RegExp = new Proxy(genuine, {
    construct(target, args, newTarget) {
      const [source, flags] = args
      made.push({ source: String(source), flags: String(flags ?? ''), from })
      return Reflect.construct(target, args, newTarget)
    },
  })
  try {
    await load()
  } finally {
    globalThis.RegExp = genuine
  }
  return made
}

/** Every expression of the folders, once: the literals, and what the modules of `src/core` put together. */
export async function expressionsOf(folders: readonly string[]): Promise<Expression[]> {
  const found = new Map<string, Expression>()
  // another test file of this process may have loaded the modules already: by this name they are loaded anew
  const anew = (path: string) => `${new URL(`../../${path}`, import.meta.url).href}?expressions`
  for (const { path, text } of folders.flatMap(readSourceFiles)) {
    if (path.endsWith('.d.ts')) continue
    const made = path.startsWith('src/core/') ? await madeDuring(() => import(anew(path)), path) : []
    for (const one of [...literalsIn(text, path), ...made]) found.set(`/${one.source}/${one.flags}`, one)
  }
  return [...found.values()]
}

/**
 * The alternatives of an expression one by one, with `{0,60}` as `{0,2}`: a union is as slow as its slowest member and
 * a bounded repetition costs a constant, while a checker would need minutes for the whole.
 */
export function inPieces(expressions: readonly Expression[]): Expression[] {
  const pieces = new Map<string, Expression>()
  for (const one of expressions) {
    for (const alternative of alternativesOf(one.source)) {
      const source = alternative.replace(/\{(\d+),(\d+)\}/g, (whole, least, most) =>
        Number(most) > 2 ? `{${Math.min(Number(least), 1)},2}` : whole,
      )
      pieces.set(`/${source}/${one.flags}`, { ...one, source })
    }
  }
  return [...pieces.values()]
}

function alternativesOf(source: string): string[] {
  const found: string[] = []
  let depth = 0
  let start = 0
  for (const { 0: sign, index } of source.matchAll(/\\[\s\S]|\[(?:[^\\\]]|\\[\s\S])*\]|[()|]/g)) {
    if (sign === '(') depth += 1
    else if (sign === ')') depth -= 1
    else if (sign === '|' && depth === 0) {
      found.push(source.slice(start, index))
      start = index + 1
    }
  }
  return [...found, source.slice(start)]
}
