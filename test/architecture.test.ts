// Holds the plan of the house: imports lead downward, every package has one home, files stay small.
import { describe, expect, test } from 'vitest'
import { breach, roomOf } from './support/house-plan.ts'
import { circlesIn, packageOf, readRoot, readSourceFiles, type SourceFile } from './support/source-files.ts'

const src = readSourceFiles('src')
const migrations = readSourceFiles('migrations')
const workshop = ['test', 'bench', 'scripts'].flatMap(readSourceFiles)
const everything = [...src, ...migrations, ...workshop]

function isData(path: string): boolean {
  return path.endsWith('.json') && readRoot(path) !== ''
}

function breachesIn(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, imports }) =>
    imports
      .filter(({ isOurs }) => isOurs)
      .map(({ target, isType }) => breach(path, target, isType))
      .filter((why) => why !== null)
      .map((why) => `${path} ${why}`),
  )
}

describe('imports', () => {
  test('every file of src lies in a room of the house', () => {
    expect(src.filter(({ path }) => roomOf(path) === null).map(({ path }) => path)).toEqual([])
  })

  test('lead only downward', () => {
    expect(breachesIn(src)).toEqual([])
  })

  test('make no circle', () => {
    expect(circlesIn(everything)).toEqual([])
  })

  test('lead to files that are there', () => {
    const paths = new Set(everything.map(({ path }) => path))
    const missing = src.flatMap(({ path, imports }) =>
      imports
        .filter(({ target, isOurs }) => isOurs && !paths.has(target) && !isData(target))
        .map(({ target }) => `${path}: ${target}`),
    )
    expect(missing).toEqual([])
  })

  test('of migrations are kysely and node alone: code that changes must not change the past', () => {
    const others = migrations.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => !/^(kysely|node:.*)$/.test(target))
        .map(({ target }) => `${path}: ${target}`),
    )
    expect(others).toEqual([])
  })
})

const homes: Readonly<Record<string, RegExp>> = {
  '@hono/node-server': /^src\/doors\/http\//,
  '@hono/zod-openapi': /^src\/doors\/http\//,
  'altcha-lib': /^src\/core\/proof-of-work\.ts$/,
  'csv-parse': /^src\/cli\//,
  'csv-stringify': /^src\/cli\//,
  'disposable-email-domains-js': /^src\/core\//,
  'dns-packet': /^src\/dns[./]/,
  hono: /^src\/doors\/http\//,
  imapflow: /^src\/doors\/imap[./]/,
  'ipaddr.js': /^src\/doors\/http\//,
  kysely: /^src\/store\//,
  liquidjs: /^src\/templates[./]/,
  mailcheck: /^src\/core\/suggestion\//,
  nodemailer: /^src\/mail\//,
  pg: /^src\/store\//,
  'pg-copy-streams': /^src\/store\//,
  pino: /^src\/log\.ts$/,
  'postal-mime': /^src\/core\/bounce\//,
  'prom-client': /^src\/metrics\.ts$/,
  'smtp-server': /^src\/doors\/lmtp[./]/,
  tldts: /^src\/core\//,
  zod: /^src\/doors\/http\//,
}

describe('packages from outside', () => {
  test('are used at home only', () => {
    const strays = src.flatMap(({ path, imports }) =>
      imports
        .filter(({ target, isOurs }) => !isOurs && !target.startsWith('node:'))
        .filter(({ target }) => homes[packageOf(target)]?.test(path) !== true)
        .map(({ target }) => `${path}: ${target}`),
    )
    expect(strays).toEqual([])
  })

  test('are those of package.json', () => {
    const { dependencies } = JSON.parse(readRoot('package.json'))
    expect(Object.keys(dependencies).toSorted()).toEqual(Object.keys(homes).toSorted())
  })

  test('core takes node:crypto and nothing else from node', () => {
    const used = src
      .filter(({ path }) => path.startsWith('src/core/'))
      .flatMap(({ path, imports }) => imports.map(({ target }) => ({ path, target })))
      .filter(({ target }) => target.startsWith('node:') && target !== 'node:crypto')
    expect(used).toEqual([])
  })
})

function filesWith(files: readonly SourceFile[], words: RegExp): string[] {
  return files.filter(({ code }) => words.test(code)).map(({ path }) => path)
}

describe('files', () => {
  // Lists without a function may be as long as what they list.
  const dataTables: readonly string[] = []
  const longest = 250

  test(`have at most ${longest} lines, tables of data aside`, () => {
    const long = everything.filter(({ path, lines }) => lines > longest && !dataTables.includes(path))
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([])
  })

  test('that pass for tables of data hold no function', () => {
    const tables = everything.filter(({ path }) => dataTables.includes(path))
    expect(tables).toHaveLength(dataTables.length)
    expect(filesWith(tables, /\bfunction\b|=>/)).toEqual([])
  })

  test('say by their names what they are', () => {
    const vague = /(^|[-./])(utils?|helpers?|common|managers?|types|index)(?=[./]|\.ts$|$)/
    const named = everything.filter(({ path }) => vague.test(path))
    expect(named.map(({ path }) => path)).toEqual([])
  })

  test('export names, never a default, and pass nothing on under "index"', () => {
    expect(filesWith(src, /^export default\b/m)).toEqual([])
  })
})

describe('the surroundings', () => {
  test('the environment is read in main.ts and cli.ts only', () => {
    const readers = filesWith(
      src,
      /\bprocess\.env\b|\bprocess\[|\bloadEnvFile\b|\}\s*=\s*process\b|from 'node:process'/,
    )
    expect(readers.filter((path) => path !== 'src/main.ts' && path !== 'src/cli.ts')).toEqual([])
  })

  test('nothing asks which kind of environment it is', () => {
    const words = new RegExp(['NODE', 'ENV'].join('_'))
    expect(filesWith(everything, words)).toEqual([])
    expect(words.test(readRoot('package.json') + readRoot('require-node.mjs'))).toBe(false)
    expect(filesWith(src, /\bif \(!?(is)?(dev|development|production|prod|test)\b\)/i)).toEqual([])
  })

  test('core knows no clock, no chance, no process and no network', () => {
    const core = src.filter(({ path }) => path.startsWith('src/core/'))
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bprocess\.|\bset(Timeout|Interval|Immediate)\(|\bfetch\(|\bMath\.random\b|\bTemporal\.Now\b/
    expect(filesWith(core, impure)).toEqual([])
  })

  test('tests never change the environment that they run in', () => {
    const writing = /process\.env(\.\w+|\[[^\]]+\])\s*=(?!=)|delete process\.env/
    expect(filesWith(everything, writing)).toEqual([])
  })
})
