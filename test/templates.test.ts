import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { INVALID_REASONS } from '../src/core/address/read-plain.ts'
import { categories } from '../src/core/bounce/category.ts'
import { letterExamples, pageExamples } from '../src/templates/examples.ts'
import type { PageModels, PageName } from '../src/templates/models.ts'
import { openTemplates, type Templates } from '../src/templates.ts'
import { bareList, letterStates, pageStates, withStrings } from './templates/sample-models.ts'

const templates = await openTemplates('templates')

function everyPage(): { title: string; name: PageName; html: string }[] {
  return templates.locales.flatMap((locale) => [
    ...Object.keys(pageStates).flatMap((name) => renderStates(templates, locale, name)),
  ])
}

function renderStates(given: Templates, locale: string, name: string) {
  if (!isPage(name)) return []
  return renderAll(given, locale, name, pageStates[name])
}

function renderAll<P extends PageName>(
  given: Templates,
  locale: string,
  name: P,
  models: readonly PageModels[P][],
) {
  return models.map((model, index) => ({
    title: `${locale} ${name} ${index}`,
    name,
    html: given.page(name, locale, model),
  }))
}

function isPage(name: string): name is PageName {
  return name in pageExamples
}

describe('every page', () => {
  const pages = everyPage()

  test.each(pages)('$title has a language, a title and one heading', ({ html }) => {
    expect(html).toMatch(
      /^<!doctype html>\n<html lang="(?:(?:en|de|es|fr|ja|pt-BR)" dir="ltr|ar" dir="rtl)">/,
    )
    expect(html.match(/<h1>[^<]+<\/h1>/g)).toHaveLength(1)
    expect(html).toMatch(/<title>[^<]*\S[^<]*<\/title>/)
    expect(html).not.toMatch(/\{[{%]|undefined|\[object/)
  })

  test.each(pages)(
    '$title loads nothing, runs nothing, and has one style that the policy allows',
    ({ html }) => {
      expect(html).not.toMatch(
        /<(?:script(?! src="\/[\w/.]+" defer><\/script>)|link|img|object|embed|base)\b| style=| on\w+=|javascript:|@import|url\(/i,
      )
      const styles = [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map((match) => match[1] ?? '')
      expect(styles).toEqual([templates.styleSource])
      const hash = createHash('sha256').update(templates.styleSource).digest('base64')
      expect(templates.styleHash).toBe(`'sha256-${hash}'`)
    },
  )

  test.each(pages)('$title has forms that post, buttons with words and labelled fields', ({ html }) => {
    for (const form of html.match(/<form[\s\S]*?<\/form>/g) ?? []) {
      expect(form).toMatch(/^<form method="post" action="\/[^"]+"/)
      expect(form.match(/<button[^>]*>\s*[^<\s][^<]*<\/button>/g)).toHaveLength(1)
    }
    for (const [, id] of html.matchAll(/<input type="email" id="(\w+)"/g))
      expect(html).toContain(`<label for="${id}">`)
    for (const [, id] of html.matchAll(/aria-describedby="(\w+)"/g)) expect(html).toContain(`id="${id}"`)
  })

  test.each(pages)(
    '$title is kept out of search engines unless it is the form or the start page',
    ({ name, html }) => {
      const open = name === 'form' || name === 'home'
      expect(html.includes('<meta name="robots" content="noindex">')).toBe(!open)
      expect(html.includes('<meta name="referrer" content="no-referrer">')).toBe(!open)
    },
  )

  test('shows nothing but text of what it is given, whatever that is', () => {
    const plain = renderExamples(() => 'plain')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-composite', maxLength: 20 }), (noise) => {
        const hostile = `"><script>alert('${noise.replace(/[\r\n]/g, '')}')</script>&amp;{{ email }}`
        const attacked = renderExamples(() => hostile)
        for (const [name, html] of attacked) expect(skeleton(html)).toEqual(skeleton(plain.get(name) ?? ''))
      }),
      { numRuns: 25 },
    )
  })

  test('no link or form leads to javascript:', () => {
    for (const html of renderExamples(() => 'javascript:alert(1)').values()) {
      expect(html).not.toMatch(/(?:href|src|action)="javascript:/i)
    }
  })
})

function renderExamples(replace: (value: string, key: string) => string): Map<string, string> {
  const pages = new Map<string, string>()
  for (const name of Object.keys(pageExamples)) {
    if (isPage(name)) pages.set(name, renderReplaced(name, replace))
  }
  return pages
}

function renderReplaced<P extends PageName>(
  name: P,
  replace: (value: string, key: string) => string,
): string {
  return templates.page(name, 'de', withStrings(pageExamples[name], replace))
}

/** The tags and names of attributes: what a stranger's text must not change. */
function skeleton(html: string): string[] {
  return (html.replace(/<style>[\s\S]*?<\/style>/, '').match(/<[^>]*>/g) ?? []).map((tag) =>
    tag.replace(/="[^"]*"/g, '=""'),
  )
}

describe('the form', () => {
  test('keeps what came with it, and the words that it shows itself', () => {
    const kept = [
      { name: 'attributes[a"b]', value: '<&>' },
      { name: 'consent', value: 'what another form showed' },
    ]
    const html = templates.page('form', 'en', { ...pageExamples.form, kept })
    expect(html).toContain('name="attributes[a&quot;b]" value="&lt;&amp;&gt;"')
    expect(html.match(/name="consent" value="I want/g)).toHaveLength(2) // and beside the suggestion
    expect(html).not.toContain('what another form showed')
    const without = templates.page('form', 'en', { ...pageExamples.form, list: bareList, kept, error: null })
    expect(without).toContain('name="consent" value="what another form showed"')
  })

  test('hides its trap from people and screen readers', () => {
    const html = templates.page('form', 'en', pageExamples.form)
    expect(html).toMatch(/<div class="trap" aria-hidden="true">.*<input name="website" tabindex="-1"/)
  })

  test.each(templates.locales)(
    'has its own words in %s for each reason why no address can be read',
    (locale) => {
      const words = INVALID_REASONS.map((reason) => errorWords(locale, 'invalid-email', reason))
      const all = new Set([...words, errorWords(locale, 'invalid-email', 'unheard-of')])
      expect(all.size).toBe(INVALID_REASONS.length + 1)
    },
  )

  function errorWords(locale: string, code: string, reason: string): string {
    const html = templates.page('form', locale, {
      ...pageExamples.form,
      error: { code, reason, suggestion: null },
    })
    return /role="alert">([^<]+)</.exec(html)?.[1] ?? ''
  }
})

test.each(templates.locales)(
  'the waiting page has its own words in %s for each category of failure',
  (locale) => {
    const pages = [...categories, 'unheard-of'].map((reason) =>
      templates.page('waiting', locale, { ...pageExamples.waiting, state: 'undeliverable', reason }),
    )
    expect(new Set(pages).size).toBe(categories.length + 1)
  },
)

test('the suggestion is two forms: one takes it, the other insists', () => {
  const html = templates.page('suggestion', 'en', pageExamples.suggestion)
  const [yes = '', no = '', ...more] = html.match(/<form[\s\S]*?<\/form>/g) ?? []
  expect(more).toEqual([])
  expect(yes).toContain('name="email" value="jo@gmail.com"')
  expect(yes).not.toContain('as_typed')
  expect(no).toContain('name="email" value="jo@gmial.com"')
  expect(no).toContain('name="as_typed" value="1"')
  for (const form of [yes, no]) expect(form).toContain('name="attributes[first_name]" value="Jo"')
})

test('a language that there is not gets the nearest one, and pages for developers stay English', () => {
  expect(templates.page('confirm', 'de-CH', pageExamples.confirm)).toContain('<html lang="de"')
  expect(templates.page('confirm', 'tlh', pageExamples.confirm)).toContain('<html lang="en"')
  expect(templates.page('home', 'de', pageExamples.home)).toContain('<html lang="en"')
  expect(templates.letter('confirmation', 'de-AT', letterExamples.confirmation).subject).toMatch(/^Bitte/)
})

test('every state of every letter and page is written in every language', () => {
  const [confirmation] = letterStates.confirmation
  const texts = templates.locales.map(
    (locale) => templates.letter('confirmation', locale, confirmation ?? letterExamples.confirmation).text,
  )
  expect(new Set(texts).size).toBe(templates.locales.length)
})
