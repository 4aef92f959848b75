// Reads our own sources for the tests that hold the plan of the house.
import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Import = {
  /** A path from the root for our own files, else the package or `node:` module as it is written. */
  target: string
  isOurs: boolean
  /** True where nothing of it is left at run time. */
  isType: boolean
}

export type SourceFile = { path: string; text: string; lines: number; code: string; imports: Import[] }

const root = new URL('../../', import.meta.url)

export function readRoot(path: string): string {
  return readFileSync(new URL(path, root), 'utf8')
}

export function readSourceFiles(folder: string): SourceFile[] {
  return globSync(`${folder}/**/*.ts`, { cwd: fileURLToPath(root) })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .map((path) => {
      const text = readRoot(path)
      const code = withoutComments(text)
      return { path, text, lines: text.split('\n').length - 1, code, imports: importsOf(path, code) }
    })
}

const statement = /^\s*(?:import|export)\s+(type\s)?(?:[\w*\s{},$]+?\sfrom\s+)?['"]([^'"\n]+)['"]/gm
const call = /\b(?:import|require|import\.meta\.resolve)\(\s*['"`]([^'"`\n]+)['"`]/g

export function importsOf(path: string, code: string): Import[] {
  const named = [...code.matchAll(statement)].map(([, type, name = '']) => ({
    name,
    isType: type !== undefined,
  }))
  const called = [...code.matchAll(call)].map(([, name = '']) => ({ name, isType: false }))
  return [...named, ...called].map(({ name, isType }) => {
    const isOurs = name.startsWith('.')
    return { target: isOurs ? posix.join(posix.dirname(path), name) : name, isOurs, isType }
  })
}

// Good enough for imports and words: a string that holds /* or // after a space is cut as well.
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

/** `@scope/name/path` and `name/path` without their path; `node:` modules as they are. */
export function packageOf(target: string): string {
  return target.startsWith('node:') ? target : target.split('/', target.startsWith('@') ? 2 : 1).join('/')
}

/** Each circle of imports once, as the paths along it. */
export function circlesIn(files: readonly SourceFile[]): string[][] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const finished = new Set<string>()
  const circles: string[][] = []

  function visit(path: string, trail: string[]): void {
    const at = trail.indexOf(path)
    if (at !== -1) circles.push([...trail.slice(at), path])
    if (at !== -1 || finished.has(path)) return
    for (const { target, isOurs } of byPath.get(path)?.imports ?? [])
      if (isOurs) visit(target, [...trail, path])
    finished.add(path)
  }

  for (const file of files) visit(file.path, [])
  return circles
}
