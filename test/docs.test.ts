// The documents say what is true: commands, settings, metrics and links are held against the code.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { settingNames } from '../src/config/names.ts'
import { readConfig } from '../src/config.ts'
import { openMetrics } from '../src/metrics.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const documents = ['README.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })]

/** The rows of all tables whose first cell is one name in code, by that name: the other cells. */
function rowsOf(path: string): Map<string, string[]> {
  const rows = [...read(path).matchAll(/^\| `(\w+)` \|(.*)\|$/gm)]
  return new Map(rows.map(([, name = '', rest = '']) => [name, rest.split(' |').map((cell) => cell.trim())]))
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/^ {4,}.*$/gm, '')
}

test('the README has the two commands', () => {
  const lines = read('README.md').split('\n')
  expect(lines).toContain('    npm ci && npm start')
  expect(lines).toContain('    npm ci && npm test')
})

describe('the settings', () => {
  const rows = rowsOf('docs/settings.md')

  test('are all described, and no others', () => {
    expect([...rows.keys()].toSorted()).toEqual(settingNames.toSorted())
  })

  const inWords = ['none', 'generated', 'host of `PUBLIC_URL`', 'on with `SMTP_URL`, else off']

  test('have the defaults that are written there', () => {
    const unset = readConfig({}, () => '')
    for (const [name, [value = '']] of rows) {
      const written = /^`(.*)`$/.exec(value)?.[1]?.replace(/\bPORT$/, '3000')
      if (written === undefined) expect(inWords, name).toContain(value)
      else
        expect(
          readConfig({ [name]: written }, () => ''),
          name,
        ).toEqual(unset)
    }
  })
})

test('every metric of ours is described, and no others', async () => {
  const text = await openMetrics().text()
  const names = [...text.matchAll(/^# TYPE (ayes_\w+) /gm)].map(([, name]) => name)
  const described = [...rowsOf('docs/operating.md').keys()].filter((name) => name.startsWith('ayes_'))
  expect(described.toSorted()).toEqual(names.toSorted())
})

describe('links', () => {
  /** As GitHub makes them: lower case, without signs, with hyphens for spaces. */
  function anchorsOf(path: string): string[] {
    return [...withoutCode(read(path)).matchAll(/^#+ (.*)$/gm)].map(([, words = '']) =>
      words
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    )
  }

  function problemWith(from: string, target: string): string | null {
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? from : join(dirname(from), path)
    if (!existsSync(join(root, file))) return `${from}: ${target} leads nowhere`
    return anchor === undefined || anchorsOf(file).includes(anchor)
      ? null
      : `${from}: ${target} has no such heading`
  }

  test('between documents lead somewhere', () => {
    const problems = documents.flatMap((from) =>
      [...withoutCode(read(from)).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^[a-z]+:/.test(target))
        .map((target) => problemWith(from, target))
        .filter((problem) => problem !== null),
    )
    expect(problems).toEqual([])
  })

  test('are never of hosts that packages are fetched from, and no file names a path of one machine', () => {
    // Put together here, so that this file does not hold what it looks for.
    const hosts = ['registry.npmjs', 'pypi', 'static.crates', 'proxy.golang', 'deb.debian', 'repo.maven']
    const words = [
      ...hosts.map((host) => `//${host}.`),
      ['', 'work', ''].join('/'),
      ['', 'tmp', 'try'].join('/'),
    ]
    const files = globSync(
      ['*', '.{ci/*,dockerignore,gitignore,npmrc}', '{src,migrations,templates,test,bench,docs}/**/*.*'],
      {
        cwd: root,
        exclude: ['**/*.png', 'node_modules', 'data'],
        withFileTypes: true,
      },
    ).filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(100)
    const named = files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => words.some((word) => readFileSync(path, 'utf8').includes(word)))
    expect(named).toEqual([])
  })
})

test('every decision begins with what it is about and its date', () => {
  for (const path of globSync('docs/decisions/*.md', { cwd: root })) {
    expect(path).toMatch(/\/\d{4}-[a-z0-9-]+\.md$/)
    expect(read(path), path).toMatch(/^# .+\n\n20\d\d-\d\d-\d\d\n\n/)
  }
})
