// `ayes check`: an existing list, and what is wrong with each address of it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { delimiterOf, lineEndOf, shapeOf } from '../src/cli/check/csv-shape.ts'
import { judgeAddress } from '../src/cli/check/judge-address.ts'
import { suggest } from '../src/core/suggestion.ts'
import { ayes } from './support/command-line.ts'
import { openDnsServer } from './support/dns-server.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ayes-check-'))
})
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))

let files = 0
function fileOf(text: string): string {
  const path = join(folder, `${files++}.csv`)
  writeFileSync(path, text)
  return path
}

const checkInput = (input: string) => ayes(['check', '-'], {}, input)

describe('the file comes out as it went in, with three columns more', () => {
  test('delimiter, line ends, quotes, byte order mark and other columns', async () => {
    const rows = [
      'Name;E-Mail;Ort',
      '"Meier; ""Bob""";bob@gmial.com;Köln',
      'Ann;nobody;',
      'Eve;eve@example.org;"two\r\nlines"',
    ]
    const { status, stdout, stderr } = await ayes(['check', fileOf(`\ufeff${rows.join('\r\n')}\r\n`)])
    const added = [
      'ayes_status;ayes_reason;ayes_suggestion',
      'suggestion;typo;bob@gmail.com',
      'invalid;missing-at;',
      'ok;;',
    ]
    expect(stdout).toBe(rows.map((row, at) => `${row};${added[at]}\r\n`).join(''))
    expect([status, stderr]).toEqual([0, '3 rows: 1 ok, 1 look mistyped, 1 invalid.\n'])
  })

  test('a list without a header, on standard input', async () => {
    const { stdout } = await checkInput('ann@example.org\nbob@hotmial.com')
    expect(stdout).toBe('ann@example.org,ok,,\nbob@hotmial.com,suggestion,typo,bob@hotmail.com\n')
  })

  test('the operator’s own domains are suggested, and never questioned', async () => {
    const { stdout } = await ayes(
      ['check', '-'],
      { SUGGEST_DOMAINS: 'acme-corp.com,gmaill.com' },
      'ann@acme-crop.com\nbob@gmaill.com\n',
    )
    expect(stdout).toBe('ann@acme-crop.com,suggestion,typo,ann@acme-corp.com\nbob@gmaill.com,ok,,\n')
  })

  test('with --out a new file is written whole, or not at all', async () => {
    const out = join(folder, 'out.csv')
    expect((await ayes(['check', fileOf('email\nann@gmial.com\n'), '--out', out])).status).toBe(0)
    expect(readFileSync(out, 'utf8')).toContain('ann@gmial.com,suggestion,typo,ann@gmail.com')
    const again = await ayes(['check', fileOf('email\nann@gmial.com\n'), '--out', out])
    expect([again.status, again.stderr]).toEqual([64, expect.stringContaining('is there already')])
    const half = join(folder, 'half.csv')
    const unclosed = fileOf(`email\n${'ann@gmial.com\n'.repeat(3_000)}"never closed`)
    const broken = await ayes(['check', unclosed, '--out', half])
    expect([broken.status, broken.stderr]).toEqual([1, expect.stringContaining('line 3002')])
    expect(existsSync(half)).toBe(false)
  })
})

describe('the column', () => {
  test.each([
    [
      [
        ['id', 'Email'],
        ['1', 'x'],
      ],
      1,
    ],
    [
      [
        ['id', 'E-Mail-Adresse'],
        ['1', 'x'],
      ],
      1,
    ],
    [
      [
        ['correo electrónico', 'id'],
        ['x', '1'],
      ],
      0,
    ],
    [
      [
        ['id', 'contact'],
        ['1', 'ann@example.org'],
      ],
      1,
    ],
    [
      [
        ['1', 'Ann', 'ann@example.org'],
        ['2', 'Bob', 'bob@example.org'],
      ],
      2,
    ],
    [
      [
        ['mailed', 'who'],
        ['yes', 'ann@example.org'],
      ],
      1,
    ],
  ])('of %j is %i', (rows, column) => {
    expect(shapeOf(rows, null).column).toBe(column)
  })

  test('may be named, by its name or by its number', () => {
    const rows = [
      ['email', 'Second Email'],
      ['ann@example.org', 'bob@example.org'],
    ].map((row) => [...row, 'x'])
    const header = ['email', 'Second Email', 'x']
    expect(shapeOf([header, ...rows], 'second email')).toEqual({ hasHeader: true, column: 1 })
    expect(shapeOf([header, ...rows], '2').column).toBe(1)
    expect(() => shapeOf([header], 'third')).toThrow(
      'There is no column "third"; there are "email", "Second Email", "x"',
    )
  })

  test('that cannot be told is asked for', async () => {
    const { status, stdout, stderr } = await ayes(['check', fileOf('a,b\n1,2\n')])
    expect([status, stdout]).toEqual([64, ''])
    expect(stderr).toContain('No column has addresses: name one with --column')
  })
})

test('the delimiter is the one outside of quotes, and line ends are those of the first line', () => {
  expect(['"a,b,c";d', 'a\tb,c\td', 'alone', 'a|b'].map(delimiterOf)).toEqual([';', '\t', ',', '|'])
  expect(['a\r\nb\n', 'a\nb\r\n', 'a\rb', 'a'].map(lineEndOf)).toEqual(['\r\n', '\n', '\r', '\n'])
})

test('rows of any length and content keep every cell', async () => {
  const odd = fc.constantFrom('a@gmial.com', 'a;b', 'x"y', 'a\nb')
  const cell = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), odd)
  const rows = fc.sample(fc.array(cell, { minLength: 2, maxLength: 6 }), { numRuns: 400, seed: 7 })
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const text = [['email', 'x'], ...rows].map((row) => `${row.map(quoted).join(',')}\n`).join('')
  const { stdout, status } = await ayes(['check', fileOf(text), '--column', 'email'])
  expect(status).toBe(0)
  const read: string[][] = parse(stdout, { relax_column_count: true })
  expect(read.slice(1).map((row) => [...row.slice(0, 2), ...row.slice(5)])).toEqual(rows)
  expect(read.slice(1).map((row) => row[2])).toEqual(
    rows.map((row) => judgeAddress(row[0] ?? '', { suggest }).status),
  )
})

test('the verdict stands under its name, however long a row is', async () => {
  const { stdout } = await checkInput('name,email,note\njo,jo@example.org\nann,ann@gmial.com,x,y\n')
  expect(stdout.split('\n').slice(1, 3)).toEqual([
    'jo,jo@example.org,,ok,,',
    'ann,ann@gmial.com,x,suggestion,typo,ann@gmail.com,y',
  ])
})

test('a suggestion never becomes a formula of a spreadsheet', async () => {
  const { stdout } = await checkInput('email\n=sum@gmial.com\n')
  expect(stdout).toContain("=sum@gmial.com,suggestion,typo,'=sum@gmail.com")
})

test('with --dns a domain that takes no mail is named, and asked about once', async () => {
  const dns = await openDnsServer(({ name, type }) => {
    if (name === 'gone.org') return { code: 3 }
    if (type !== 'MX') return {}
    return { answers: [{ type, name, ttl: 60, data: { preference: 1, exchange: `mx.${name}` } }] }
  })
  const rows = Array.from({ length: 500 }, (_, n) => `u${n}@${n % 2 ? 'gone.org' : 'here.org'}`)
  const file = fileOf(`email\n${rows.join('\n')}\n`)
  const { stdout, stderr } = await ayes(['check', file, '--dns'], { DNS_SERVERS: dns.address })
  await dns.close()
  expect(stdout).toContain('u1@gone.org,no-mail,domain-takes-no-mail,\n')
  expect(stdout).toContain('u2@here.org,ok,,\n')
  expect(stderr).toContain(
    '500 rows: 250 ok, 0 look mistyped, 0 invalid, 250 with a domain that takes no mail.',
  )
  expect(dns.asked.filter(({ name, type }) => name === 'gone.org' && type === 'MX')).toHaveLength(1)
})

test.each([
  [['check'], 64, 'FILE is missing'],
  [['check', 'a', 'b'], 64, 'one word too many'],
  [['check', 'a', '--dns-rate', 'x'], 64, '--dns-rate is a number'],
  [['check', '/no/such/file.csv'], 1, 'no such file'],
])('%j ends with %i', async (args, status, words) => {
  const ended = await ayes(args)
  expect([ended.status, ended.stdout, ended.stderr]).toEqual([status, '', expect.stringContaining(words)])
})
