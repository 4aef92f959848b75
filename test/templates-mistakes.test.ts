import { globSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { letterExamples } from '../src/templates/examples.ts'
import { TemplateError } from '../src/templates/mistakes.ts'
import { readFolder } from '../src/templates/read-folder.ts'
import { openTemplates } from '../src/templates.ts'

let parent = ''
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'ayes-templates-'))
})
afterAll(() => rm(parent, { recursive: true, force: true, maxRetries: 10 }))

let number = 0
async function copyWith(edits: Record<string, (text: string) => string | null>): Promise<string> {
  const dir = join(parent, String(number++))
  await cp('templates', dir, { recursive: true })
  for (const [file, edit] of Object.entries(edits)) {
    const edited = edit(await readFile(join(dir, file), 'utf8').catch(() => ''))
    if (edited === null) await rm(join(dir, file))
    else await writeFile(join(dir, file), edited)
  }
  return dir
}

async function mistakesOf(dir: string): Promise<string[]> {
  const error: unknown = await openTemplates(dir).catch((reason: unknown) => reason)
  if (!(error instanceof TemplateError)) throw new Error(`expected a TemplateError, got ${String(error)}`)
  return error.mistakes.map((mistake) => mistake.replace(`${dir}/`, ''))
}

const insertLine = (line: number, added: string) => (text: string) =>
  text
    .split('\n')
    .toSpliced(line - 1, 0, added)
    .join('\n')
const replace = (from: string, to: string) => (text: string) => {
  if (!text.includes(from)) throw new Error(`the template has no ${from}`)
  return text.replace(from, to)
}

describe('at start, with file and line, is reported', () => {
  test.each([
    [
      'a tag that is not closed',
      'pages/confirm.liquid',
      insertLine(5, '{% if list %}'),
      /^pages\/confirm\.liquid:\d+: .*/,
    ],
    [
      'a tag that there is not',
      'pages/confirm.liquid',
      insertLine(6, '{% blink %}'),
      /^pages\/confirm\.liquid:6: .*"blink" not found/,
    ],
    [
      'a filter that there is not',
      'letters/already.txt.liquid',
      insertLine(3, '{{ list.name | shout }}'),
      /^letters\/already\.txt\.liquid:3: undefined filter: shout/,
    ],
    [
      'a variable that there is not',
      'pages/confirm.liquid',
      insertLine(6, '{{ emial }}'),
      /^pages\/confirm\.liquid:6: .*"emial"/,
    ],
    [
      'a variable in a branch not taken',
      'pages/confirmed.liquid',
      insertLine(5, '{% if already %}{{ list.nmae }}{% endif %}'),
      /^pages\/confirmed\.liquid:5: .*"list\.nmae"/,
    ],
    [
      'a variable that there is not, in a part',
      'parts/kept.liquid',
      insertLine(5, '{{ list.slog }}'),
      /^parts\/kept\.liquid:5: .*list\.slog/,
    ],
    [
      'a part that there is not',
      'pages/confirm.liquid',
      insertLine(6, "{% render 'parts/nowhere' %}"),
      /^pages\/confirm\.liquid:6: .*parts\/nowhere/,
    ],
    [
      'a file outside the folder',
      'pages/confirm.liquid',
      insertLine(6, "{% render '../../package.json' %}"),
      /^pages\/confirm\.liquid:6: .*package\.json/,
    ],
    [
      'words that there are not',
      'pages/confirm.liquid',
      insertLine(6, '{% say confirm.nothing %}'),
      /^pages\/confirm\.liquid:6: there is no "confirm\.nothing"/,
    ],
    [
      'a choice without its "other"',
      'pages/confirm.liquid',
      insertLine(6, '{% say_for confirm: email %}'),
      /^pages\/confirm\.liquid:6: there is no "confirm\.other"/,
    ],
    [
      'a variable in the words that the page has not',
      'de/pages.json',
      replace('Nur noch ein Klick', 'Nur noch {{ klicks }}'),
      /^de\/pages\.json:\d+: .*"klicks"/,
    ],
    [
      'a mistake in the words',
      'de/letters.json',
      replace('„{{ list.name | apart }}“', '„{{ list.name | apart }“'),
      /^de\/letters\.json:\d+: /,
    ],
    [
      'a missing key',
      'de/pages.json',
      (text: string) => text.replace(/ {2}"confirm\.button".*\n/, ''),
      /^de\/pages\.json: "confirm\.button" is missing \(en\/pages\.json:\d+ has it\)/,
    ],
    [
      'a key that English has not',
      'de/pages.json',
      insertLine(3, '  "page.new": "Neu",'),
      /^de\/pages\.json:3: "page\.new"/,
    ],
    [
      'a key that stands twice',
      'de/pages.json',
      insertLine(3, '  "page.privacy": "Neu",'),
      /^de\/pages\.json:3: "page\.privacy" stands here a second time/,
    ],
    [
      'an empty text',
      'de/pages.json',
      replace('"Abmelden"', '" "'),
      /^de\/pages\.json:\d+: "unsubscribe\.button" must be a text/,
    ],
    [
      'markup in a text letter',
      'en/letters.json',
      replace('Yes, sign me up', '<b>Yes</b>'),
      /^en\/letters\.json:\d+: "confirmation\.button".*markup/,
    ],
    ['JSON that is none', 'de/pages.json', insertLine(4, '  oops'), /^de\/pages\.json:4: /],
    ['a missing page', 'pages/gone.liquid', () => null, /^pages\/gone\.liquid is missing/],
    [
      'a missing letter',
      'letters/already.html.liquid',
      () => null,
      /^letters\/already\.html\.liquid is missing/,
    ],
    ['a missing catalogue', 'de/letters.json', () => null, /^de\/letters\.json is missing/],
    ['a missing stylesheet', 'page.css', () => null, /page\.css is missing/],
  ])('%s', async (_what, file, edit, message) => {
    const mistakes = await mistakesOf(await copyWith({ [file]: edit }))
    expect(mistakes).toContainEqual(expect.stringMatching(message))
  })

  test('everything at once', async () => {
    const mistakes = await mistakesOf(
      await copyWith({
        'pages/confirm.liquid': insertLine(6, '{% blink %}'),
        'pages/gone.liquid': () => null,
        'de/pages.json': insertLine(3, '  "page.new": "Neu",'),
      }),
    )
    expect(mistakes.join('\n')).toMatch(/blink[\s\S]*/)
    expect(mistakes.join('\n')).toMatch(/gone\.liquid is missing/)
    expect(mistakes.join('\n')).toMatch(/page\.new/)
  })

  test('a folder that is none', async () => {
    await expect(openTemplates(join(parent, 'nowhere'))).rejects.toThrow('nowhere')
  })
})

test('a template that does more with a link than print it gets each letter right all the same', async () => {
  const dir = await copyWith({ 'letters/already.txt.liquid': insertLine(1, '{{ unsubscribeUrl | upcase }}') })
  const templates = await openTemplates(dir)
  for (const token of ['one', 'two']) {
    const unsubscribeUrl = `https://a.example/unsubscribe/${token}`
    const { text } = templates.letter('already', 'en', { ...letterExamples.already, unsubscribeUrl })
    expect(text).toContain(unsubscribeUrl.toUpperCase())
    expect(text).toContain(`\n${unsubscribeUrl}\n`)
  }
})

test('a language that is written from right to left says so', async () => {
  const dir = await copyWith({})
  await cp(join(dir, 'en'), join(dir, 'ar'), { recursive: true })
  const templates = await openTemplates(dir)
  expect(templates.locales.slice(0, 3)).toEqual(['en', 'ar', 'de'])
  expect(templates.letter('already', 'ar-EG', letterExamples.already).html).toContain(
    '<html lang="ar" dir="rtl">',
  )
})

test('line ends of another system change neither the style nor its hash', async () => {
  const windows = await copyWith({ 'page.css': (text) => text.replaceAll('\n', '\r\n') })
  const [ours, theirs] = [await openTemplates('templates'), await openTemplates(windows)]
  expect(theirs.styleSource).toBe(ours.styleSource)
})

test('every text in the catalogues is used', async () => {
  const sources = await readFolder('templates')
  const liquid = [...sources]
    .filter(([name]) => name.endsWith('.liquid'))
    .map(([, source]) => source.text)
    .join('\n')
  const said = new Set([...liquid.matchAll(/\{%-? say ([\w.-]+)/g)].map((match) => match[1]))
  const prefixes = [...liquid.matchAll(/\{%-? say_for ([\w.-]+):/g)].map((match) => `${match[1]}.`)
  for (const script of globSync('src/doors/http/browser/*.js'))
    for (const [, key] of readFileSync(script, 'utf8').matchAll(/'(\w+(?:\.[\w-]+)+)'/g)) said.add(key)
  const subjects = Object.keys(letterExamples).map((kind) => `${kind}.subject`)
  const keys = ['pages', 'letters'].flatMap((name): string[] =>
    Object.keys(JSON.parse(sources.get(`en/${name}.json`)?.text ?? '{}')),
  )
  const unused = keys.filter(
    (key) => !said.has(key) && !subjects.includes(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
  )
  expect(unused).toEqual([])
})
