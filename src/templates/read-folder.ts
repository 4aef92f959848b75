// Reads a folder of templates into memory, once. Rendering never touches the disk.

import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** `origin` is the path that messages show. */
export type Source = { text: string; origin: string }
/** By the path inside the folder, with forward slashes: `pages/form.liquid`. */
export type Sources = ReadonlyMap<string, Source>

const OURS = /\.(?:liquid|json|css)$/

export async function readFolder(dir: string): Promise<Sources> {
  const paths = await readdir(dir, { recursive: true })
  const sources = new Map<string, Source>()
  for (const path of paths.sort()) {
    const name = path.replaceAll(sep, '/')
    if (!OURS.test(name) || /(?:^|\/)\./.test(name)) continue
    const origin = join(dir, path)
    const text = await readFile(origin, 'utf8')
    sources.set(name, { text: text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'), origin })
  }
  return sources
}
