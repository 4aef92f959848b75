import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { composeLetter } from '../../src/mail/compose.ts'
import type { OutgoingLetter } from '../../src/mail/mailer.ts'
import { sampleLetter } from './sample-letter.ts'

const at = new Date('2026-03-01T12:00:00Z')

function compose(changes: Partial<OutgoingLetter>): string {
  return composeLetter(sampleLetter(changes), at).toString()
}

function headersOf(raw: string): string[] {
  return raw.slice(0, raw.indexOf('\r\n\r\n')).split(/\r\n(?![ \t])/)
}

const usualHeaders = [
  'From',
  'To',
  'Subject',
  'Message-ID',
  'Date',
  'Auto-Submitted',
  'X-Auto-Response-Suppress',
  'X-Ayes-Letter',
  'MIME-Version',
  'Content-Type',
]

test('whatever stands in names, subject and text, no header is added and what was meant is read', async () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom(
      'a\r\nBcc: eve@example.com',
      '=?utf-8?q?x?=',
      '"',
      '\\',
      'ä'.repeat(120),
      'x'.repeat(300),
      '😀'.repeat(40),
    ),
  )
  await fc.assert(
    fc.asyncProperty(anyText, anyText, anyText, async (name, subject, text) => {
      const raw = compose({ from: { name, address: 'news@example.com' }, subject, text })
      expect(headersOf(raw).map((line) => line.split(':')[0])).toEqual(usualHeaders)
      expect(raw).not.toMatch(/[^\r]\n|\r[^\n]/)
      expect(raw).toMatch(/^[\t\r\n\x20-\x7e]*$/)
      expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
      const read = await PostalMime.parse(raw)
      expect(read.from?.address).toBe('news@example.com')
      expect(squeezed(read.from?.name)).toBe(squeezed(name))
      expect(squeezed(read.subject)).toBe(squeezed(subject))
      expect(squeezed(read.text)).toBe(squeezed(text))
    }),
    { numRuns: 150 },
  )
})

/** What a header can keep of a text: line breaks, control characters and runs of space become one space. */
function squeezed(text: string | undefined): string {
  return (text ?? '')
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

test('headers stay within the lines that mail asks for', () => {
  const raw = compose({
    from: {
      name: 'Verein zur Förderung der außerordentlich langen Namen in Köln am Rhein e. V.',
      address: 'a@example.com',
    },
    subject:
      'Ein Betreff, der so lang ist, dass er nicht in eine Zeile passt, und Umlaute hat: äöü, viele sogar, ÄÖÜ',
  })
  for (const line of raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
})

test('an extra header cannot replace one of ours or break out of its line', () => {
  expect(headersOf(compose({ headers: { 'List-Id': 'a\r\nBcc: eve@example.com' } }))).toContain(
    'List-Id: a Bcc: eve@example.com',
  )
  for (const name of ['Subject', 'message-id', 'Bcc: x\r\nTo', 'X Y', '']) {
    expect(() => compose({ headers: { [name]: 'x' } })).toThrow('extra header')
  }
  expect(() => compose({ headers: { 'List-Help': `<https://example.com/${'x'.repeat(1000)}>` } })).toThrow(
    'List-Help',
  )
})

test('extra headers keep their form: URLs whole, names beyond ASCII encoded', async () => {
  const url = `<https://example.com/unsubscribe/${'x'.repeat(200)}>`
  const raw = compose({
    headers: { 'List-Unsubscribe': url, 'List-Id': 'Bücher für alle <buch.example.com>' },
  })
  const { headers } = await PostalMime.parse(raw)
  const value = (key: string) => headers.find((header) => header.key === key)?.value
  expect(value('list-unsubscribe')).toBe(url)
  expect(raw).toContain('<buch.example.com>')
  expect(value('list-id')).toMatch(/<buch\.example\.com>$/)
})

test('bodies arrive to the letter, long lines, dots and line ends of every kind included', async () => {
  const text = `.\n..\nFrom here on\n${'wort '.repeat(300)}\n\tä = ü  \nend`
  const html = `<p>${'ß'.repeat(500)}</p>\n<a href="https://example.com/?a=1&amp;b==">x</a>`
  const read = await PostalMime.parse(compose({ text, html }))
  expect(read.text).toBe(`${text}\n`)
  expect(read.html?.replaceAll('\r\n', '\n')).toBe(`${html}\n`)
  expect((await PostalMime.parse(compose({ text: 'a\r\nb\rc\n' }))).text).toBe('a\nb\nc\n')
})

test.each([
  ['Japanese', '登録を完了してください。', 'base64'],
  ['Arabic', 'يُرجى تأكيد الاشتراك. ', 'base64'],
  ['French', 'C’était bien vous ? Alors confirmez votre inscription. ', 'quoted-printable'],
  ['English', 'Was it you? ', 'quoted-printable'],
])('%s travels in whatever is shorter', async (_language, sentence, encoding) => {
  const text = sentence.repeat(50)
  const raw = compose({ text, html: text })
  expect(raw.match(/Content-Transfer-Encoding: .*/g)).toEqual([
    `Content-Transfer-Encoding: ${encoding}`,
    `Content-Transfer-Encoding: ${encoding}`,
  ])
  const read = await PostalMime.parse(raw)
  expect(squeezed(read.text)).toBe(squeezed(text))
  expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(78)
})

test('the same letter is composed to the same bytes', () => {
  expect(compose({})).toBe(compose({}))
})
