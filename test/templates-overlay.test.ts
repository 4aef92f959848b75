import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { letterExamples, pageExamples } from '../src/templates/examples.ts'
import { TemplateError } from '../src/templates/mistakes.ts'
import { openTemplates } from '../src/templates.ts'

let parent = ''
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'ayes-overlay-'))
})
afterAll(() => rm(parent, { recursive: true, force: true, maxRetries: 10 }))

let number = 0
async function overlayOf(files: Record<string, string | Buffer>): Promise<string> {
  const dir = join(parent, String(number++))
  await mkdir(dir)
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), text)
  }
  return dir
}

async function mistakesOf(dir: string): Promise<string[]> {
  const error: unknown = await openTemplates('templates', dir).catch((reason: unknown) => reason)
  if (!(error instanceof TemplateError)) throw new Error(`expected a TemplateError, got ${String(error)}`)
  return error.mistakes.map((mistake) => mistake.replace(`${dir}/`, ''))
}

const { confirmation } = letterExamples
const ofList = (slug: string) => ({ ...confirmation, list: { ...confirmation.list, slug } })

test('a link that goes with something a list may lack is a mistake', async () => {
  const letter =
    'Hi.{% if list.consent %}<a href="{{ confirmUrl | link }}">yes</a> <a href="{{ notMeUrl | link }}">no</a>{% endif %}'
  const mistakes = await mistakesOf(await overlayOf({ 'letters/confirmation.html.liquid': letter }))
  expect(mistakes).toContain(
    'letters/confirmation.html.liquid:1: no link or form leads to {{ confirmUrl | link }}',
  )
})

describe('the overlay that docs/templates.md shows', () => {
  const opened = openTemplates('templates', 'docs/examples/templates')

  test('replaces words one by one and leaves the others', async () => {
    const ours = await openTemplates('templates')
    const theirs = (await opened).letter('confirmation', 'en', ofList('default'))
    expect(theirs.html).toContain('>Yes, count me in</a>')
    expect(theirs.text).toBe(ours.letter('confirmation', 'en', ofList('default')).text)
    expect((await opened).letter('confirmation', 'de', ofList('default'))).toEqual(
      ours.letter('confirmation', 'de', ofList('default')),
    )
  })

  test('replaces a part on every page of every language', async () => {
    for (const locale of (await opened).locales)
      expect((await opened).page('confirm', locale, pageExamples.confirm)).toContain('12 Orchard Lane')
  })

  test('gives one list words and files of its own, above those for all', async () => {
    const own = (await opened).letter('confirmation', 'en', ofList('harvest'))
    expect(own.subject).toBe('One click to your vegetables: The Weekly Harvest')
    expect(own.text).toMatch(/\n-- \nThe Weekly Harvest, every Thursday\n$/)
    expect(own.html).toContain('>Yes, count me in</a>')
    expect((await opened).letter('confirmation', 'de', ofList('harvest')).subject).toMatch(/^Bitte best/)
    expect((await opened).letter('confirmation', 'en', ofList('other')).subject).toMatch(/^Please confirm/)
    expect((await opened).listsWithOwn).toEqual(['harvest'])
  })

  test('welcomes to one list in its own words', async () => {
    const welcome = { ...pageExamples.confirmed, list: { ...pageExamples.confirmed.list, slug: 'harvest' } }
    expect((await opened).page('confirmed', 'en', welcome)).toContain('Welcome to the table')
    expect((await opened).page('confirmed', 'en', pageExamples.confirmed)).toContain('you are on the list')
    const words = (await opened).scriptWords('en', 'harvest')
    expect(words['waiting.text.confirmed']).toContain('comes on Thursday')
  })
})

test('a style of its own is allowed by the policy', async () => {
  const dir = await overlayOf({ 'lists/shop/page.css': 'body { color: #123456; }\r\n' })
  const templates = await openTemplates('templates', dir)
  const page = templates.page('confirm', 'en', {
    ...pageExamples.confirm,
    list: { ...pageExamples.confirm.list, slug: 'shop' },
  })
  expect(page).toContain('<style>body { color: #123456; }</style>')
  expect(templates.styles).toEqual([templates.styleSource, 'body { color: #123456; }'])
})

test('a language of the operator’s own is spoken, once it has all its words', async () => {
  const words = async (name: string) => readFile(`templates/en/${name}.json`)
  const dir = await overlayOf({
    'it/pages.json': await words('pages'),
    'it/letters.json': await words('letters'),
  })
  expect((await openTemplates('templates', dir)).locales).toContain('it')
  const half = await overlayOf({ 'it/pages.json': '{}', 'it/letters.json': await words('letters') })
  expect(await mistakesOf(half)).toContainEqual(
    expect.stringMatching(/^it\/pages\.json: "page\.privacy" is missing/),
  )
})

describe('at start, with file and line, is reported', () => {
  test.each<[string, Record<string, string | Buffer>, RegExp]>([
    ['a broken tag', { 'pages/confirm.liquid': 'a\n{% if list %}\n' }, /^pages\/confirm\.liquid:2: /],
    [
      'a broken tag of one list',
      { 'lists/shop/letters/already.txt.liquid': '\n\n{% blink %}\n' },
      /^lists\/shop\/letters\/already\.txt\.liquid:3: .*"blink" not found/,
    ],
    [
      'a variable that there is not, in words',
      { 'de/letters.json': '{\n  "already.heading": "Hallo {{ nmae }}"\n}' },
      /^de\/letters\.json:2: .*"nmae"/,
    ],
    [
      'a part that there is not, where only some lists would meet it',
      { 'parts/footer.liquid': "{% unless list.organisation %}\n{% render 'parts/logo' %}{% endunless %}" },
      /^parts\/footer\.liquid:2: .*parts\/logo/,
    ],
    [
      'a key that we have not',
      { 'lists/shop/en/pages.json': '{\n\n  "confirm.titel": "Almost"\n}' },
      /^lists\/shop\/en\/pages\.json:3: "confirm\.titel" is not a key/,
    ],
    ['JSON that is none', { 'en/pages.json': '{\n  "a": \n}' }, /^en\/pages\.json:\d: /],
    [
      'a file that nobody reads',
      { 'pages/confrim.liquid': 'x' },
      /^pages\/confrim\.liquid:1: .*never be read/,
    ],
    [
      'a letter in no language of ours',
      { 'lists/x/it/letters.json': '{}' },
      /^lists\/x\/it\/letters\.json:1: /,
    ],
    ['a slug that no list can have', { 'lists/My Shop/page.css': 'a{}' }, /^lists\/My Shop\/page\.css:1: /],
    [
      'bytes that are not UTF-8',
      { 'parts/footer.liquid': Buffer.from('ok\ncaf\xe9', 'latin1') },
      /:2: is not UTF-8/,
    ],
    [
      'a letter without its link',
      { 'letters/confirmation.txt.liquid': '{{ list.name }}: {{ notMeUrl }}' },
      /^letters\/confirmation\.txt\.liquid:1: \{\{ confirmUrl \}\} is not shown/,
    ],
    [
      'a page whose form leads nowhere',
      { 'pages/unsubscribe.liquid': '<form method="post"><button>Leave</button></form>' },
      /^pages\/unsubscribe\.liquid:1: no link or form leads to \{\{ action \| link \}\}/,
    ],
  ])('%s', async (_what, files, message) => {
    expect(await mistakesOf(await overlayOf(files))).toContainEqual(expect.stringMatching(message))
  })

  test('a folder that there is not', async () => {
    await expect(openTemplates('templates', join(parent, 'nowhere'))).rejects.toThrow(
      /TEMPLATES_DIR is ".*nowhere"/,
    )
  })

  test('all of it at once, each once', async () => {
    const mistakes = await mistakesOf(
      await overlayOf({
        'pages/confirm.liquid': '{% blink %}',
        'lists/shop/letters/already.txt.liquid': '{{ nobody }}',
        'lists/tea/page.css': '</style>',
      }),
    )
    expect(mistakes.filter((mistake) => mistake.includes('blink'))).toHaveLength(1)
    expect(mistakes.join('\n')).toMatch(/already\.txt\.liquid:1: [\s\S]*page\.css:1: /)
  })
})

test('words that fail while a letter is written leave no letter, neither half nor empty', async () => {
  // Only the name of a list says which part it wants, so no check at start can know.
  const dir = await overlayOf({
    'letters/signature.txt.liquid': "{% if list.name == 'Odd' %}{% include list.name %}{% endif %}Bye",
  })
  const templates = await openTemplates('templates', dir)
  expect(templates.letter('confirmation', 'en', confirmation).text).toMatch(/Bye\n$/)
  const odd = { ...confirmation, list: { ...confirmation.list, name: 'Odd' } }
  expect(() => templates.letter('confirmation', 'en', odd)).toThrow(/Odd/)
})
