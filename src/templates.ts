// The letters and pages: reads templates/ once at start, checks all of it, and renders from memory.

import { createHash } from 'node:crypto'
import type { Template } from 'liquidjs'
import { pickLocale } from './core/locale.ts'
import { checkVariables } from './templates/check-variables.ts'
import { type Engine, makeEngine } from './templates/engine.ts'
import { letterExamples, pageExamples } from './templates/examples.ts'
import { TemplateError } from './templates/mistakes.ts'
import type { LetterKind, LetterModels, PageModels, PageName, RenderedLetter } from './templates/models.ts'
import { readFolder, type Sources } from './templates/read-folder.ts'
import { makeStencils } from './templates/stencil.ts'
import {
  CATALOGUES,
  type Catalogue,
  compareWords,
  findLocales,
  type Report,
  readWords,
  type Words,
} from './templates/words.ts'

export type Templates = {
  /** The languages there are; the first is the default. */
  locales: readonly string[]
  /** The text between <style> and </style> on every page, and its place in a content policy: `'sha256-…'`. */
  styleSource: string
  styleHash: string
  /** A locale that there is not gets the nearest one. */
  letter<K extends LetterKind>(kind: K, locale: string, model: LetterModels[K]): RenderedLetter
  page<P extends PageName>(name: P, locale: string, model: PageModels[P]): string
}

type Language = {
  name: string
  pages: ReadonlyMap<string, Template[]>
  letters: ReadonlyMap<string, { subject: Template[]; text: Template[]; html: Template[] }>
  html: Engine
  text: Engine
}

// Pages for whoever installs Ayes; they are in English whatever is asked for.
const ENGLISH_ONLY: ReadonlySet<PageName> = new Set(['home', 'dev-mailbox', 'dev-letter'])

/** Throws a TemplateError that names every mistake with file and line. */
export async function openTemplates(dir: string): Promise<Templates> {
  const sources = await readFolder(dir)
  const locales = findLocales(sources)
  const mistakes = new Set<string>()
  const report: Report = (mistake) => mistakes.add(mistake)

  if (!locales.includes('en')) report(`${dir}: en/pages.json and en/letters.json are missing`)
  const styleSource = sources.get('page.css')?.text.trim() ?? ''
  if (styleSource === '') report(`${dir}: page.css is missing`)
  const languages = readLanguages({ sources, locales, style: styleSource }, report)
  if (mistakes.size > 0) throw new TemplateError([...mistakes])

  const languageFor = (locale: string): Language => {
    const language = languages.get(locale) ?? languages.get(pickLocale(locales, [locale]))
    if (language === undefined) throw new Error(`No templates for ${locale}`)
    return language
  }

  const stencils = makeStencils()
  return {
    locales,
    styleSource,
    styleHash: `'sha256-${createHash('sha256').update(styleSource).digest('base64')}'`,
    letter(kind, locale, model) {
      const { letters, html, text, name } = languageFor(locale)
      const parts = letters.get(kind)
      if (parts === undefined) throw new Error(`No letter ${kind}`)
      return stencils.fill(`${kind} ${name}`, model, (given) => ({
        subject: text.render(parts.subject, given).replace(/\s+/g, ' ').trim(),
        text: tidyText(text.render(parts.text, given)),
        html: html.render(parts.html, given),
      }))
    },
    page(name, locale, model) {
      const { pages, html } = languageFor(ENGLISH_ONLY.has(name) ? 'en' : locale)
      const page = pages.get(name)
      if (page === undefined) throw new Error(`No page ${name}`)
      return html.render(page, model)
    },
  }
}

function readLanguages(
  input: { sources: Sources; locales: readonly string[]; style: string },
  report: Report,
): Map<string, Language> {
  const { sources, locales, style } = input
  const languages = new Map<string, Language>()
  const base = readCatalogues(sources, 'en', report)
  if (base === null) return languages
  for (const locale of locales) {
    const own = locale === 'en' ? base : readCatalogues(sources, locale, report)
    if (own === null) continue
    const complete = CATALOGUES.map((name) =>
      compareWords({ base: base[name], other: own[name], file: `${locale}/${name}.json`, sources }, report),
    )
    // Without all its words a language would only repeat in its templates what was just said.
    if (!complete.includes(false))
      languages.set(locale, readLanguage({ sources, locale, style, words: own }, report))
  }
  return languages
}

function readCatalogues(sources: Sources, locale: string, report: Report): Record<Catalogue, Words> | null {
  const pages = readWords(sources, locale, 'pages', report)
  const letters = readWords(sources, locale, 'letters', report)
  return pages === null || letters === null ? null : { pages, letters }
}

function readLanguage(
  input: { sources: Sources; locale: string; style: string; words: Record<Catalogue, Words> },
  report: Report,
): Language {
  const { sources, locale, style } = input
  const { pages: pageWords, letters: letterWords } = input.words
  const allWords = new Map([...pageWords, ...letterWords])
  const globals = { lang: locale, dir: directionOf(locale), style }
  const html = makeEngine({ sources, words: allWords, locale, form: 'html', globals }, report)
  const text = makeEngine({ sources, words: letterWords, locale, form: 'text', globals }, report)

  const check = (engine: Engine, templates: Template[] | null, model: object): Template[] => {
    if (templates === null) return []
    checkVariables({ engine, templates, sources, example: model, globals }, report)
    return templates
  }
  const pages = new Map<string, Template[]>()
  for (const [name, model] of Object.entries(pageExamples)) {
    pages.set(name, check(html, html.open(`pages/${name}.liquid`), model))
  }
  const letters = new Map<string, { subject: Template[]; text: Template[]; html: Template[] }>()
  for (const [kind, model] of Object.entries(letterExamples)) {
    letters.set(kind, {
      subject: check(text, text.phrase(`${kind}.subject`), model),
      text: check(text, text.open(`letters/${kind}.txt.liquid`), model),
      html: check(html, html.open(`letters/${kind}.html.liquid`), model),
    })
  }
  return { name: locale, pages, letters, html, text }
}

/** Templates may leave gaps where a part is absent; a reader sees one empty line. */
function tidyText(text: string): string {
  const tidy = text.replace(/\r\n?/g, '\n').replace(/\n{3,}/g, '\n\n')
  return `${tidy.trim()}\n`
}

function directionOf(locale: string): 'ltr' | 'rtl' {
  return new Intl.Locale(locale).getTextInfo().direction === 'rtl' ? 'rtl' : 'ltr'
}
