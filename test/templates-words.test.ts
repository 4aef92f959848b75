// The words of every language: none missing, none left over, none forgotten in English.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { composeLetter } from '../src/mail/compose.ts'
import { setApart } from '../src/templates/bidi.ts'
import { letterExamples, pageExamples } from '../src/templates/examples.ts'
import { openTemplates } from '../src/templates.ts'
import { sampleLetter } from './mail/sample-letter.ts'

const languages = ['ar', 'de', 'es', 'fr', 'ja', 'pt-BR'] as const
const templates = await openTemplates('templates')

function wordsOf(locale: string, catalogue: string): Record<string, string> {
  return JSON.parse(readFileSync(`templates/${locale}/${catalogue}.json`, 'utf8'))
}

/** What a phrase says of its own: without tags, values, figures and signs. */
function lettersOf(phrase: string): string {
  return phrase.replace(/\{[{%].*?[%}]\}/gs, '').replace(/[^\p{L}]+/gu, '')
}

function valuesIn(phrase: string): string[] {
  return [...new Set([...phrase.matchAll(/\{\{\s*([\w.]+)/g)].map(([, name = '']) => name))].sort()
}

test('there are seven languages, English first', () => {
  expect(templates.locales).toEqual(['en', ...languages])
})

describe.each(languages)('the words in %s', (locale) => {
  describe.each(['pages', 'letters'])('%s', (catalogue) => {
    const english = wordsOf('en', catalogue)
    const own = wordsOf(locale, catalogue)

    test('have the keys of English, in its order', () => {
      expect(Object.keys(own)).toEqual(Object.keys(english))
    })

    test('show the same values', () => {
      for (const [key, phrase] of Object.entries(english))
        expect(valuesIn(own[key] ?? ''), key).toEqual(valuesIn(phrase))
    })

    test('are not copied from English', () => {
      const copied = Object.entries(english).filter(
        ([key, phrase]) => lettersOf(phrase) !== '' && lettersOf(phrase) === lettersOf(own[key] ?? ''),
      )
      expect(copied).toEqual([])
    })
  })

  test('call the link in the letter by the name that it has there', () => {
    const name = wordsOf(locale, 'letters')['confirmation.not_me_link'] ?? 'nothing'
    const pages = wordsOf(locale, 'pages')
    expect(pages['confirm.not_you_auto']).toContain(name)
  })
})

test.each(templates.locales)(
  'a letter in %s stays below 30 KB on its way, with words of consent at length',
  (locale) => {
    const sentence = {
      ja: '季節の野菜についての週刊メールを希望します。',
      ar: 'أرغب في تلقي الرسالة الأسبوعية. ',
    }[locale]
    const consent = (sentence ?? 'I want the weekly letter, naïve as I am. ').repeat(100).slice(0, 2_000)
    const list = { ...letterExamples.confirmation.list, consent }
    const words = templates.letter('confirmation', locale, { ...letterExamples.confirmation, list })
    expect(composeLetter(sampleLetter(words), new Date(0)).length).toBeLessThan(30_000)
  },
)

test('Arabic runs from right to left, and what is not Arabic is set apart', () => {
  const letter = templates.letter('confirmation', 'ar-EG', letterExamples.confirmation)
  expect(letter.html).toContain('<html lang="ar" dir="rtl">')
  expect(letter.html).toContain(`<bdi dir="ltr">${letterExamples.confirmation.confirmUrl}</bdi>`)
  expect(letter.subject).toContain('\u2068The Weekly Harvest\u2069')
  const page = templates.page('suggestion', 'ar', pageExamples.suggestion)
  expect(page).toContain('<html lang="ar" dir="rtl">')
  expect(page).toContain('<bdi>jo@gmail.com</bdi>')
  expect(page).toContain('\u2068jo@gmail.com\u2069</button>')
})

test.each([
  ['The Weekly!', 'ltr', 'The Weekly!'],
  ['The Weekly!', 'rtl', '\u2068The Weekly!\u2069'],
  ['نشرة!', 'ltr', '\u2068نشرة!\u2069'],
  ['نشرة!', 'rtl', 'نشرة!'],
  ['季節', 'rtl', '\u2068季節\u2069'],
  ['2026', 'rtl', '2026'],
] as const)('%s in %s words', (text, direction, expected) => {
  expect(setApart(text, direction)).toBe(expected)
})
