// The letters and pages: reads templates/ once at start, checks all of it, and renders from memory.

import { createHash } from 'node:crypto'
import { pickLocale } from './core/locale.ts'
import { type Language, readSet, type TemplateSet } from './templates/language.ts'
import { TemplateError } from './templates/mistakes.ts'
import type { LetterKind, LetterModels, PageModels, PageName, RenderedLetter } from './templates/models.ts'
import { noOverlay, readOverlay } from './templates/overlay.ts'
import { readFolder } from './templates/read-folder.ts'
import type { ScriptWords } from './templates/script-words.ts'
import { makeStencils } from './templates/stencil.ts'
import { findLocales, type Report } from './templates/words.ts'

export type { ReportLetterModel } from './templates/models.ts'

export type Templates = {
  /** The languages there are; the first is the default. */
  locales: readonly string[]
  /** The text between <style> and </style> on every page, and its place in a content policy: `'sha256-…'`. */
  styleSource: string
  styleHash: string
  /** The same of all pages, for lists may have a style of their own. */
  styles: readonly string[]
  /** Slugs of the lists that have templates of their own. */
  listsWithOwn: readonly string[]
  /** A locale that there is not gets the nearest one. */
  letter<K extends LetterKind>(kind: K, locale: string, model: LetterModels[K]): RenderedLetter
  page<P extends PageName>(name: P, locale: string, model: PageModels[P]): string
  /** What scripts say, with `{email}` and the like to be filled. */
  scriptWords(locale: string, list: string): ScriptWords
  /** The form's own words, for whoever writes one. */
  formWords(locale: string, list: string): { email: string; button: string }
}

// Pages for whoever installs Ayes; they are in English whatever is asked for.
const ENGLISH_ONLY: ReadonlySet<PageName> = new Set(['home', 'dev-mailbox', 'dev-letter'])

/**
 * `overlayDir` holds files that are used instead of ours, and lists/SLUG in it those of one list. Throws a
 * TemplateError that names every mistake with file and line. `isTrusted`: the files of `dir` are ours and were checked
 * by our tests, so that without an overlay a start need not spend a third of a second on it again.
 */
export async function openTemplates(
  dir: string,
  overlayDir: string | null = null,
  isTrusted = false,
): Promise<Templates> {
  const sources = await readFolder(dir)
  const mistakes = new Set<string>()
  const report: Report = (mistake) => mistakes.add(mistake)
  const overlay = overlayDir === null ? noOverlay : await readOverlay(overlayDir, sources, report)

  const locales = findLocales(new Map([...sources, ...overlay.site]), report)
  if (!locales.includes('en')) report(`${dir}: en/pages.json and en/letters.json are missing`)
  const how = { report, isTrusted: isTrusted && overlayDir === null }
  const site = readSet([sources, overlay.site], locales, how)
  const ofLists = new Map(
    [...overlay.lists].map(([slug, own]) => [slug, readSet([sources, overlay.site, own], locales, how)]),
  )
  if (mistakes.size > 0) throw new TemplateError([...mistakes])

  const languageFor = (model: object, locale: string): { of: string; language: Language } => {
    const slug = slugIn(model)
    const own: TemplateSet | undefined = slug === null ? undefined : ofLists.get(slug)
    const { languages } = own ?? site
    const language = languages.get(locale) ?? languages.get(pickLocale(locales, [locale]))
    if (language === undefined) throw new Error(`No templates for ${locale}`)
    return { of: own === undefined ? '' : `${slug}`, language }
  }

  const stencils = makeStencils()
  return {
    locales,
    styleSource: site.style,
    styleHash: `'sha256-${createHash('sha256').update(site.style).digest('base64')}'`,
    styles: [...new Set([site, ...ofLists.values()].map((set) => set.style))],
    listsWithOwn: [...ofLists.keys()],
    letter(kind, locale, model) {
      const { of, language } = languageFor(model, locale)
      const { letters, html, text, name } = language
      const parts = letters.get(kind)
      if (parts === undefined) throw new Error(`No letter ${kind}`)
      return stencils.fill(`${kind} ${name} ${of}`, model, (given) => ({
        subject: text.render(parts.subject, given).replace(/\s+/g, ' ').trim(),
        text: tidyText(text.render(parts.text, given)),
        html: html.render(parts.html, given),
      }))
    },
    page(name, locale, model) {
      const { pages, html } = languageFor(model, ENGLISH_ONLY.has(name) ? 'en' : locale).language
      const page = pages.get(name)
      if (page === undefined) throw new Error(`No page ${name}`)
      return html.render(page, model)
    },
    formWords(locale, slug) {
      const { script } = languageFor({ list: { slug } }, locale).language
      return { email: script['form.email'] ?? '', button: script['form.button'] ?? '' }
    },
    scriptWords: (locale, slug) => languageFor({ list: { slug } }, locale).language.script,
  }
}

function slugIn(model: object): string | null {
  if (!('list' in model) || typeof model.list !== 'object' || model.list === null) return null
  return 'slug' in model.list && typeof model.list.slug === 'string' ? model.list.slug : null
}

/** Templates may leave gaps where a part is absent; a reader sees one empty line. */
function tidyText(text: string): string {
  const tidy = text.replace(/\r\n?/g, '\n').replace(/\n{3,}/g, '\n\n')
  return `${tidy.trim()}\n`
}
