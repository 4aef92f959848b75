// The operator's own files: a folder of the same layout whose files replace ours one by one, for all lists or, below
// lists/SLUG, for one.

import { TemplateError } from './mistakes.ts'
import { readFolder, type Source, type Sources } from './read-folder.ts'
import { findLocales, LOCALE_FOLDER, type Report } from './words.ts'

export type Overlay = { site: Sources; lists: ReadonlyMap<string, Sources> }

const OF_A_LIST = /^lists\/([^/]+)\/(.+)$/
const SLUG = /^[a-z0-9-]{1,64}$/
const OWN_PART = /^parts\/.+\.liquid$/

export const noOverlay: Overlay = { site: new Map(), lists: new Map() }

/** Reports what nobody would ever read, which is a name misspelt. */
export async function readOverlay(dir: string, ours: Sources, report: Report): Promise<Overlay> {
  const site = new Map<string, Source>()
  const lists = new Map<string, Map<string, Source>>()
  for (const [path, source] of await readOrRefuse(dir)) {
    const [, slug, name = path] = OF_A_LIST.exec(path) ?? []
    if (source.text.includes('\uFFFD')) report(`${source.origin}:${lineOf(source.text)}: is not UTF-8`)
    if (slug === undefined) {
      site.set(path, source)
    } else if (SLUG.test(slug)) {
      lists.set(slug, (lists.get(slug) ?? new Map<string, Source>()).set(name, source))
    } else {
      report(`${source.origin}:1: no list can be called ${JSON.stringify(slug)}`)
    }
  }
  const locales = new Set(findLocales(new Map([...ours, ...site])))
  for (const [name, { origin }] of site) {
    if (!isRead(name, ours) && !LOCALE_FOLDER.test(name)) report(`${origin}:1: ${unread}`)
  }
  for (const [name, { origin }] of [...lists.values()].flatMap((sources) => [...sources])) {
    const locale = LOCALE_FOLDER.exec(name)?.[1]
    if (locale === undefined && !isRead(name, ours)) report(`${origin}:1: ${unread}`)
    if (locale !== undefined && !locales.has(locale))
      report(`${origin}:1: a new language belongs to all lists: move it up, to ${locale}/ in TEMPLATES_DIR`)
  }
  return { site, lists }
}

const unread = 'no template of ours has this name, so it would never be read (own parts belong in parts/)'

function isRead(name: string, ours: Sources): boolean {
  return ours.has(name) || OWN_PART.test(name)
}

function lineOf(text: string): number {
  return text.slice(0, text.indexOf('\uFFFD')).split('\n').length
}

async function readOrRefuse(dir: string): Promise<Sources> {
  try {
    return await readFolder(dir)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error
    throw new TemplateError([
      `TEMPLATES_DIR is ${JSON.stringify(dir)}, which cannot be read as a folder of templates: ${error.message}`,
    ])
  }
}
