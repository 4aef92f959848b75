// The words of one language: <locale>/pages.json and <locale>/letters.json, flat, one entry a line.

import { placeOf } from './mistakes.ts'
import type { Sources } from './read-folder.ts'

export const CATALOGUES = ['pages', 'letters'] as const
export type Catalogue = (typeof CATALOGUES)[number]
/** A phrase is itself a small template: "The link works for {{ confirmWithin | duration }}." */
export type Phrase = { text: string; file: string; line: number }
export type Words = ReadonlyMap<string, Phrase>

const ENTRY = /^\s*"((?:[^"\\]|\\.)*)"\s*:/
export const LOCALE_FOLDER = /^([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\/(?:pages|letters)\.json$/

/** English first: it is the default, and the others must have its keys. */
export function findLocales(sources: Sources, report: Report = () => {}): string[] {
  const found = new Set<string>()
  for (const [name, { origin }] of sources) {
    const locale = LOCALE_FOLDER.exec(name)?.[1]
    if (locale === undefined) continue
    if (isLanguageTag(locale)) found.add(locale)
    else report(`${origin}:1: ${locale} is no language tag (BCP 47)`)
  }
  return [...found].sort((a, b) => Number(b === 'en') - Number(a === 'en') || (a < b ? -1 : 1))
}

/**
 * The words of all layers, later ones over earlier ones entry by entry. Null when there is nothing to read; a mistake
 * in one entry leaves the others.
 */
export function readWords(
  layers: readonly Sources[],
  locale: string,
  catalogue: Catalogue,
  report: Report,
): Words | null {
  const file = `${locale}/${catalogue}.json`
  const words = new Map<string, Phrase>()
  const found = layers.filter((layer) => layer.has(file))
  if (found.length === 0) {
    report(`${file} is missing: every language has ${CATALOGUES.map((name) => `${name}.json`).join(' and ')}`)
    return null
  }
  let isWhole = true
  for (const layer of found) {
    const own = readOne(layer, file, catalogue, report)
    if (own === null) isWhole = false
    // Our own files are known by their place in the folder, those of an overlay by their path.
    const name = layer === layers[0] ? file : (layer.get(file)?.origin ?? file)
    for (const [key, phrase] of own ?? []) words.set(key, { ...phrase, file: name })
  }
  return isWhole ? words : null
}

function readOne(
  sources: Sources,
  file: string,
  catalogue: Catalogue,
  report: Report,
): Map<string, Omit<Phrase, 'file'>> | null {
  const source = sources.get(file)
  if (source === undefined) return null
  const words = new Map<string, Omit<Phrase, 'file'>>()
  const entries = parseEntries(source.text, source.origin, report)
  if (entries === null) return null
  const lines = findLines(source.text, source.origin, report)
  for (const [key, text] of Object.entries(entries)) {
    const line = lines.get(key) ?? 1
    if (typeof text !== 'string' || text.trim() === '') {
      report(`${source.origin}:${line}: "${key}" must be a text`)
    } else if (catalogue === 'letters' && /[<&]/.test(text.replace(/\{[{%].*?[%}]\}/gs, ''))) {
      report(
        `${source.origin}:${line}: "${key}" is used in text letters too and must have no markup (< or &)`,
      )
    } else {
      words.set(key, { text, line })
    }
  }
  return words
}

export type Report = (mistake: string) => void

/** The same keys in every language: none left over and, which is the answer, none missing. */
export function compareWords(
  input: { base: Words; other: Words; file: string; sources: Sources },
  report: Report,
): boolean {
  const { base, other, file, sources } = input
  const origin = sources.get(file)?.origin ?? file
  let complete = true
  for (const [key, phrase] of base) {
    if (other.has(key)) continue
    complete = false
    report(`${origin}: "${key}" is missing (${phrase.file}:${phrase.line} has it)`)
  }
  for (const [key, phrase] of other) {
    if (!base.has(key))
      report(`${placeOf(sources, phrase.file, phrase.line)}: "${key}" is not a key that en has`)
  }
  return complete
}

function parseEntries(text: string, origin: string, report: Report): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed }
    report(`${origin}:1: must be a JSON object of keys and texts`)
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    const position = Number(/at position (\d+)/.exec(said)?.[1] ?? 0)
    report(`${origin}:${text.slice(0, position).split('\n').length}: ${said}`)
  }
  return null
}

function findLines(text: string, origin: string, report: Report): Map<string, number> {
  const lines = new Map<string, number>()
  for (const [index, line] of text.split('\n').entries()) {
    const key = ENTRY.exec(line)?.[1]
    if (key === undefined) continue
    if (lines.has(key)) report(`${origin}:${index + 1}: "${key}" stands here a second time`)
    lines.set(key, index + 1)
  }
  return lines
}

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).includes(tag)
  } catch {
    return false
  }
}
