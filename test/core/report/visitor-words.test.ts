import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shownWords } from '../../../src/core/report/visitor-words.ts'

test('what a visitor typed looks as it was', () => {
  expect(shownWords('footer')).toBe('footer')
  expect(shownWords('Sommeraktion für Äpfel')).toBe('Sommeraktion für Äpfel')
  expect(shownWords('gmial.com').replaceAll('\u200B', '')).toBe('gmial.com')
})

test('it is one line without control, and cut where it is long', () => {
  expect(shownWords(' a\r\nSubject: b\u202Egnp\u0000 ')).toBe('a Subject:\u200B b gnp')
  expect(shownWords('x'.repeat(64))).toBe(`${'x'.repeat(40)}…`)
})

test('no mail program finds a link in it, whatever it is', () => {
  const parts = fc.constantFrom(
    'https://',
    'www.',
    'evil.example',
    '/login?a=1',
    '@',
    'mailto:',
    ' ',
    '\n',
    'ä',
  )
  const words = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(parts).map((all) => all.join('')),
  )
  fc.assert(
    fc.property(words, (text) => {
      const shown = shownWords(text)
      expect(shown).not.toMatch(/[./:@\\?=][^\u200B]/)
      expect(shown.replaceAll('\u200B', '')).not.toMatch(/[\p{C}\r\n]/u)
      expect([...shown.replaceAll('\u200B', '')].length).toBeLessThanOrEqual(41)
    }),
  )
})
