// The command line as somebody types it: usage, suggest and classify, which need no installation.
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readArguments, readOperands } from '../src/cli/command.ts'
import { commandLike } from '../src/cli/usage.ts'
import { ayes, objectsIn, startCommand } from './support/command-line.ts'

describe('usage', () => {
  test('without a command: the list of them, and 64', async () => {
    const { status, stdout, stderr } = await ayes([])
    expect([status, stdout]).toEqual([64, ''])
    for (const name of ['serve', 'migrate', 'dump', 'restore', 'suggest', 'classify', 'export', 'doctor']) {
      expect(stderr).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
    }
  })

  test('asked for: on standard output, and 0', async () => {
    expect(await ayes(['--help'])).toMatchObject({ status: 0, stderr: '' })
    const one = await ayes(['dump', '--help'])
    expect([one.status, one.stdout.split('\n')[0]]).toEqual([0, 'Usage: npm run --silent ayes -- dump FILE'])
  })

  test.each([
    [['exprot', 'default'], 'Did you mean export?'],
    [['constructor'], 'There is no command "constructor"'],
    [['dump'], 'FILE is missing'],
    [['restore', '--force', 'a'], "Unknown option '--force'"],
    [['export', 'default', '--format', 'xml'], '--format is "xml"'],
    [['export', 'default', '--since', 'a', '--since', 'b'], '--since is given twice'],
  ])('%j is 64 with a hint', async (args, hint) => {
    const { status, stdout, stderr } = await ayes(args)
    expect([status, stdout]).toEqual([64, ''])
    expect(stderr).toContain(hint)
  })

  test('arguments are read strictly, and after -- as they stand', () => {
    expect(() => readOperands(['a', 'b'], ['FILE'])).toThrow('"b" is one word too many')
    expect(() => readArguments(['-x'])).toThrow("Unknown option '-x'")
    expect(() => readArguments(['--format'], ['format'])).toThrow('--format')
    const { values, operands } = readArguments(['a', '--format=csv', '--', '--since'], ['format', 'since'])
    expect([[...values], operands]).toEqual([[['format', 'csv']], ['a', '--since']])
  })

  test('a misspelt command is recognised, another word is not', () => {
    expect(['sugest', 'DUMP', 'docter', 'chemistry'].map(commandLike)).toEqual([
      'suggest',
      'dump',
      'doctor',
      null,
    ])
  })

  test('wrong settings are 78, all at once, before anything is touched', async () => {
    const { status, stderr } = await ayes(['migrate'], { DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud' })
    expect(status).toBe(78)
    for (const name of ['DATABASE_URL', 'LOG_LEVEL']) expect(stderr).toContain(`- ${name}`)
  })

  test('a database that is not there is told of in one line', async () => {
    const settings = {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
      ADMIN_TOKEN: 'admin-token-of-this-test-only',
      SECRET_KEY: 'secret-key-of-this-test-only-and-long-enough',
      DATA_DIR: join(tmpdir(), 'ayes-cli-none'),
    }
    const { status, stderr } = await ayes(['migrate'], settings)
    expect([status, stderr.trim().split('\n').length]).toEqual([1, 1])
    expect(stderr).toContain('The database cannot be reached')
    await rm(settings.DATA_DIR, { recursive: true, force: true, maxRetries: 10 })
  })
})

describe('suggest', () => {
  const nothing = { suggestion: null, reason: null, error: null }
  const slip = { suggestion: 'ann@gmail.com', reason: 'typo', error: null }

  test('answers arguments in order, whatever the settings', async () => {
    const ended = await ayes(['suggest', 'ann@gmial.com', 'gmail.com', 'gmial.com', 'ann@@gmail.com'], {
      DATABASE_URL: 'nonsense',
    })
    expect(ended).toMatchObject({ status: 0, stderr: '' })
    expect(objectsIn(ended)).toEqual([
      { input: 'ann@gmial.com', ...slip },
      { input: 'gmail.com', ...nothing },
      { input: 'gmial.com', suggestion: 'gmail.com', reason: 'typo', error: null },
      { input: 'ann@@gmail.com', suggestion: 'ann@gmail.com', reason: 'format', error: 'extra-at' },
    ])
  })

  test('knows the operator’s own domains, and says what is wrong with the setting', async () => {
    const asked = ['suggest', 'ann@acme-crop.com', 'acme-crop.com', 'bob@gmaill.com']
    const ended = await ayes(asked, { SUGGEST_DOMAINS: 'acme-corp.com,gmaill.com', DATABASE_URL: 'nonsense' })
    expect(objectsIn(ended)).toEqual([
      { input: 'ann@acme-crop.com', suggestion: 'ann@acme-corp.com', reason: 'typo', error: null },
      { input: 'acme-crop.com', suggestion: 'acme-corp.com', reason: 'typo', error: null },
      { input: 'bob@gmaill.com', ...nothing },
    ])
    const wrong = await ayes(asked, { SUGGEST_DOMAINS: 'no domain' })
    expect([wrong.status, wrong.stdout, wrong.stderr]).toEqual([
      78,
      '',
      expect.stringContaining('SUGGEST_DOMAINS is "no domain"'),
    ])
  })

  test('has a line for every line of its input, also the empty and the last one', async () => {
    const long = `${'x'.repeat(100_000)}@example.com`
    const ended = await ayes(
      ['suggest'],
      {},
      `ann@gmial.com\r\n\nno address\n${long}\nx\0y@example.com\nann@web.de`,
    )
    expect(objectsIn(ended)).toEqual([
      { input: 'ann@gmial.com', ...slip },
      { input: '', ...nothing, error: 'empty' },
      { input: 'no address', ...nothing, error: 'missing-at' },
      { input: long.slice(0, 64 * 1024), ...nothing, error: 'too-long' },
      { input: 'x\0y@example.com', ...nothing, error: 'control-character' },
      { input: 'ann@web.de', ...nothing },
    ])
    expect(await ayes(['suggest'])).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('letters that lie across two pieces of the input stay whole', async () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => `müller${n}@exämple.org`)
    const ended = await ayes(['suggest'], {}, lines.join('\n'))
    expect(objectsIn(ended).map((answer) => (answer as { input: string }).input)).toEqual(lines)
  })

  test('an address that begins with a hyphen comes after --', async () => {
    expect(objectsIn(await ayes(['suggest', '--', '-x@gmial.com']))).toMatchObject([
      { input: '-x@gmial.com' },
    ])
  })

  test('a reader that goes away ends it quietly', async () => {
    const child = startCommand(['suggest'])
    child.stdin.on('error', () => {})
    const stderr: Buffer[] = []
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.stdin.write('ann@gmail.com\n'.repeat(20_000))
    await once(child.stdout, 'data')
    child.stdout.destroy()
    child.stdin.end('ann@gmail.com\n'.repeat(200_000))
    const [status] = await once(child, 'close')
    expect([status, Buffer.concat(stderr).toString()]).toEqual([0, ''])
  })
})

describe('classify', () => {
  const report = [
    'From: MAILER-DAEMON@mx.example.net',
    'To: bounces@example.com',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    '',
    'Final-Recipient: rfc822; ann@example.org',
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 <ann@example.org>: no such user',
    '',
    '--b--',
    '',
  ].join('\r\n')
  const bounce = {
    is_bounce: true,
    category: 'mailbox-does-not-exist',
    status: '5.1.1',
    recipient: 'ann@example.org',
    original_recipient: null,
    forwarded: false,
  }
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ayes-classify-'))
  })
  afterAll(() => rm(dir, { recursive: true }))

  test('says what a report means, with these members and no others', async () => {
    const ended = await ayes(['classify', '-'], { PORT: 'nonsense' }, report)
    expect(ended).toMatchObject({ status: 0, stderr: '' })
    const [answer] = objectsIn(ended)
    expect(answer).toMatchObject({ file: '-', ...bounce })
    expect(Object.keys(answer as object)).toEqual([
      'file',
      'is_bounce',
      'category',
      'status',
      'reply',
      'recipient',
      'original_recipient',
      'forwarded',
      'reporter',
    ])
  })

  test('keeps the order over many files, and goes on after one that it cannot read', async () => {
    const files = Array.from({ length: 60 }, (_, n) => join(dir, `${n}.eml`))
    for (const [n, file] of files.entries())
      await writeFile(file, n % 2 === 0 ? report : Buffer.from([0, 255, n]))
    const missing = join(dir, 'missing.eml')
    const ended = await ayes(['classify', ...files.slice(0, 30), missing, dir, ...files.slice(30)])
    expect(ended.status).toBe(1)
    expect(ended.stderr.trim().split('\n')).toEqual([
      `${missing}: there is no such file`,
      `${dir}: is a directory: name the files in it`,
    ])
    expect(objectsIn(ended)).toMatchObject(files.map((file, n) => ({ file, is_bounce: n % 2 === 0 })))
  })

  test('takes more names than a command line holds from standard input', async () => {
    const file = join(dir, 'a name with spaces.eml')
    await writeFile(file, report)
    for (const [end, count] of [
      ['\0', 5000],
      ['\n', 2],
    ] as const) {
      const names = Array.from({ length: count }, () => file)
      const ended = await ayes(['classify', '--files-from', '-'], {}, names.join(end) + end)
      expect([ended.status, ended.stderr]).toEqual([0, ''])
      const answers = objectsIn(ended)
      expect(answers).toHaveLength(names.length)
      expect(answers.at(-1)).toMatchObject({ file, ...bounce })
    }
    expect((await ayes(['classify', '--files-from', join(dir, 'none')])).status).toBe(1)
    expect((await ayes(['classify', '-', '--files-from', '-'])).status).toBe(64)
  })
})
