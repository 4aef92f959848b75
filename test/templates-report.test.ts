// The report as words: in every language, in text and HTML, with what visitors typed kept apart from both.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { letterExamples } from '../src/templates/examples.ts'
import type { ReportLetterModel } from '../src/templates/models.ts'
import { openTemplates } from '../src/templates.ts'
import { withStrings } from './templates/sample-models.ts'

const templates = await openTemplates('templates')
const full = letterExamples.report
const bare: ReportLetterModel = {
  ...full,
  kind: 'day',
  to: full.from,
  alarm: null,
  categories: [],
  domains: [],
  sources: [],
  lists: [],
  changes: [],
  waves: [],
}
const models = [full, { ...full, kind: 'alarm' as const }, { ...full, kind: 'day' as const }, bare]
const letters = templates.locales.flatMap((locale) =>
  models.map((model) => ({ locale, kind: model.kind, model, ...templates.letter('report', locale, model) })),
)

describe.each(letters)('a report in $locale: $subject', ({ subject, text, html, model }) => {
  test('is small, loads nothing, links nowhere', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(30_000)
    expect(html).not.toMatch(
      /<(?:a|img|script|link|iframe|form|object|base)\b|src=|background=|url\(|@import/i,
    )
  })

  test('reads well as text', () => {
    expect(subject).toMatch(/^\S.*\S$/)
    expect(text).toContain('\n\n-- \n')
    expect(text).not.toMatch(/\n{3}|\{[{%]|&\w+;|<\w|undefined|null|NaN|Invalid/)
    expect(html).not.toMatch(/undefined|NaN|Invalid|\{[{%]/)
    for (const line of text.split('\n').filter((one) => one.startsWith('- '))) expect(line).toMatch(/\S$/)
  })

  test('has a heading for each part that there is, and for no other', () => {
    const parts = [model.categories, model.waves, model.domains, model.sources, model.lists, model.changes]
    expect(html.match(/<h2/g) ?? []).toHaveLength(parts.filter((part) => part.length > 0).length)
    expect(html.match(/<h1/g)).toHaveLength(1)
  })
})

test('figures are written as the language writes them', () => {
  const model = { ...bare, letters: { now: 12_345, before: 0 }, rate: { now: 0.0284, before: null } }
  const [english, german] = ['en', 'de'].map((locale) => templates.letter('report', locale, model).text)
  expect(english).toContain('12,345 (before 0)')
  expect(english).toContain('2.8% (before –)')
  expect(german).toContain('12.345 (davor 0)')
  expect(german).toContain('2,8\u00A0% (davor –)')
})

test('whatever a visitor typed is text in both', () => {
  const skeleton = (html: string) =>
    (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/="[^"]*"/g, '=""'))
  const plain = templates.letter('report', 'en', withKeys('plain'))
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), (noise) => {
      const hostile = `<b>"it's" & ${noise.trim()}{{ to }}{% say report.new %}</b>`
      const letter = templates.letter('report', 'en', withKeys(hostile))
      expect(letter.text).toContain(hostile)
      expect(skeleton(letter.html)).toEqual(skeleton(plain.html))
    }),
    { numRuns: 50 },
  )
})

function withKeys(words: string): ReportLetterModel {
  return withStrings(full, (value, name) => (name === 'key' || name === 'subject' ? words : value))
}
