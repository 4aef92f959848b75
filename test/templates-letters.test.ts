import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { letterExamples } from '../src/templates/examples.ts'
import type { RenderedLetter } from '../src/templates/models.ts'
import { openTemplates } from '../src/templates.ts'
import { letterStates, withStrings } from './templates/sample-models.ts'

const templates = await openTemplates('templates')
const { confirmUrl, notMeUrl } = letterExamples.confirmation
const { unsubscribeUrl } = letterExamples.already

const confirmations = templates.locales.flatMap((locale) =>
  letterStates.confirmation.map((model) => ({
    locale,
    list: model.list,
    ...templates.letter('confirmation', locale, model),
  })),
)
const alreadies = templates.locales.flatMap((locale) =>
  letterStates.already.map((model) => ({
    locale,
    list: model.list,
    ...templates.letter('already', locale, model),
  })),
)
const all = [...confirmations, ...alreadies]

function linksIn(html: string): string[] {
  return [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? '')
}

function count(text: string, part: string): number {
  return text.split(part).length - 1
}

describe.each(confirmations)('a confirmation in $locale for $list.name', ({ list, subject, text, html }) => {
  test('has one link to confirm and one to say "not me"', () => {
    const ours = linksIn(html).filter((link) => link !== list.privacyUrl)
    expect(ours).toEqual([confirmUrl, notMeUrl])
    for (const link of [confirmUrl, notMeUrl]) {
      expect(count(text, link)).toBe(1)
      expect(text).toContain(`\n\n${link}\n\n`)
    }
    expect(`${text}${html}`).not.toContain('/unsubscribe/')
  })

  test('shows the link bare beside the button, too', () => {
    expect(count(html, confirmUrl)).toBe(2)
  })

  test('names the organisation and shows the consent, where there are any', () => {
    expect(subject).toContain(list.name)
    for (const words of [list.name, list.organisation, list.consent, list.privacyUrl]) {
      if (words === null) continue
      expect(text).toContain(words)
      expect(html).toContain(words)
    }
  })
})

test.each(alreadies)(
  'an "already on the list" letter in $locale for $list.name only lets go',
  ({ list, text, html }) => {
    expect(linksIn(html).filter((link) => link !== list.privacyUrl)).toEqual([unsubscribeUrl])
    expect(text).toContain(`\n\n${unsubscribeUrl}\n\n`)
    expect(`${text}${html}`).not.toMatch(/\/confirm\/|\/not-me\//)
  },
)

describe.each(all)('a letter in $locale for $list.name: $subject', ({ subject, text, html }) => {
  test('is small, loads nothing and tracks nobody', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(30_000)
    expect(Buffer.byteLength(text)).toBeLessThan(5_000)
    expect(html).not.toMatch(/<(?:img|script|link|iframe|form|object|base)\b|src=|background=|url\(|@import/i)
  })

  test('has a preheader, a language, dark colours and one heading', () => {
    expect(html).toMatch(/<body[^>]*>\s*<div style="display:none;[^"]*">[^<]+<\/div>/)
    expect(html).toMatch(
      /^<!doctype html>\n<html lang="(?:(?:en|de|es|fr|ja|pt-BR)" dir="ltr|ar" dir="rtl)">/,
    )
    expect(html).toContain('@media (prefers-color-scheme: dark)')
    expect(html.match(/<h1[^>]*>[^<]+<\/h1>/g)).toHaveLength(1)
  })

  test('reads well as text', () => {
    expect(subject).toMatch(/^\S.*\S$/)
    expect(text).toMatch(/^\S/)
    expect(text).toMatch(/\S\n$/)
    expect(text).toContain('\n\n-- \n')
    expect(text).not.toMatch(/\n{3}|\{[{%]|&\w+;|<\w|undefined|null/)
  })
})

test('a text letter has the words as they are, and an HTML letter has them escaped', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), (noise) => {
      const hostile = `<b>"it's" & ${noise.trim()}{{ notMeUrl }}</b>`
      const swap = (_value: string, key: string) =>
        key.endsWith('Url') ? `https://x.example/?a=1&b=<i>"'` : hostile
      const letter = templates.letter('confirmation', 'en', withStrings(letterExamples.confirmation, swap))
      expect(letter.text).toContain(hostile)
      expect(letter.text).toContain(`https://x.example/?a=1&b=<i>"'`)
      expect(letter.text).not.toMatch(/&(?:amp|lt|gt|quot|#39);/)
      const plain = templates.letter('confirmation', 'en', withStrings(letterExamples.confirmation, plainly))
      expect(skeleton(letter.html)).toEqual(skeleton(plain.html))
    }),
    { numRuns: 50 },
  )
})

function plainly(_value: string, key: string): string {
  return key.endsWith('Url') ? 'https://x.example/' : 'plain'
}

function skeleton(html: string): string[] {
  return (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/="[^"]*"/g, '=""'))
}

test('a subject is one line, whatever the name of the list is', () => {
  const list = { ...letterExamples.confirmation.list, name: 'A\r\nBcc: x@example.com\t B' }
  expect(templates.letter('confirmation', 'en', { ...letterExamples.confirmation, list }).subject).toBe(
    'Please confirm: A Bcc: x@example.com B',
  )
})

test.each([
  [7 * 86_400, '7 days', '7 Tage'],
  [86_400, '1 day', '1 Tag'],
  [100_000, '27 hours', '27 Stunden'],
  [172_801, '2 days', '2 Tage'],
  [3_600, '1 hour', '1 Stunde'],
  [5_400, '90 minutes', '90 Minuten'],
  [90, '90 seconds', '90 Sekunden'],
])('a link that lives %i seconds works for %s', (confirmWithin, english, german) => {
  const model = { ...letterExamples.confirmation, confirmWithin }
  expect(templates.letter('confirmation', 'en', model).text).toContain(`The link works for ${english}.`)
  expect(templates.letter('confirmation', 'de', model).text).toContain(`Der Link gilt ${german}.`)
})

test('each letter gets its own links, however many went before it', async () => {
  const fresh = await openTemplates('templates')
  const letterTo = (given: typeof templates, token: string): RenderedLetter =>
    given.letter('confirmation', 'en', {
      ...letterExamples.confirmation,
      confirmUrl: `https://a.example/confirm/${token}?a=1&b=2`,
      notMeUrl: `https://a.example/not-me/${token}`,
    })
  letterTo(templates, 'first')
  const second = letterTo(templates, 'second')
  expect(second).toEqual(letterTo(fresh, 'second'))
  expect(`${second.text}${second.html}`).not.toMatch(/first|link\.invalid/)
})

test('more lists than are kept in memory still get their own letters', () => {
  for (let round = 0; round < 2; round++) {
    for (let number = 0; number < 600; number++) {
      const list = { ...letterExamples.already.list, name: `List ${number}` }
      expect(templates.letter('already', 'en', { list, unsubscribeUrl }).subject).toMatch(
        new RegExp(`List ${number}$`),
      )
    }
  }
})

test('a letter without a proper link is not written', () => {
  for (const bad of ['', 'javascript:alert(1)', '/confirm/x', 'https://a.example/ b']) {
    const model = { ...letterExamples.confirmation, confirmUrl: bad }
    expect(() => templates.letter('confirmation', 'en', model)).toThrow('confirmUrl')
  }
})
