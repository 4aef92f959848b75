import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { type LogFields, openLog } from '../src/log.ts'

function openMemoryLog(level: 'debug' | 'info' | 'warn' | 'error' = 'debug', hold = false) {
  const lines: string[] = []
  const opened = openLog(level, { hold, destination: { write: (line) => lines.push(line) } })
  return { ...opened, lines, parsed: () => lines.map((line): Record<string, unknown> => JSON.parse(line)) }
}

function written(fields: LogFields): string {
  const { log, lines } = openMemoryLog()
  log.error('tried', fields)
  for (const line of lines) JSON.parse(line)
  return lines.join('')
}

describe('a line', () => {
  test('is one JSON object with the event first, then its fields, its level and an ISO time', () => {
    const { log, lines } = openMemoryLog()
    log.info('signup-stored', { group: 12, text: 'two\nlines "quoted"', nothing: null, left: undefined })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(
      /^\{"event":"signup-stored","group":12,"text":"two\\nlines \\"quoted\\"","nothing":null,"level":"info","time":"\d{4}-\d\d-\d\dT[\d:.]+Z"\}\n$/,
    )
  })

  test('keeps its own members whatever the fields are called', () => {
    const { log, parsed } = openMemoryLog()
    log.warn('this', { event: 'that', level: 'x', time: 'y' })
    expect(parsed()[0]).toMatchObject({ event: 'this', level: 'warn', time: expect.stringContaining('T') })
  })

  test('is not written below the level', () => {
    const { log, parsed } = openMemoryLog('warn')
    log.debug('one')
    log.info('two')
    log.warn('three')
    log.error('four')
    expect(parsed().map((line) => line.event)).toEqual(['three', 'four'])
  })
})

describe('the first line', () => {
  test('is the announcement, whatever was logged before', () => {
    const { log, announce, lines, parsed } = openMemoryLog('info', true)
    log.info('migrated', { steps: 3 })
    expect(lines).toEqual([])
    announce('listening', { url: 'http://localhost:3000' })
    log.info('after')
    expect(lines[0]).toMatch(/^\{"event":"listening","url":"http:\/\/localhost:3000",/)
    expect(parsed().map((line) => line.event)).toEqual(['listening', 'migrated', 'after'])
  })

  test('is written at every level', () => {
    const { announce, parsed } = openMemoryLog('error', true)
    announce('listening', { url: 'http://localhost:3000' })
    expect(parsed()).toHaveLength(1)
  })
})

describe('nothing that names a person or opens a door is written', () => {
  const address = 'jane.doe+x@mail.example'
  const token = 'k7q2mabcdefghijklmnopqrstuvwxyz234567abcde'
  const link = 'dGhpcy1pcy1hLXRva2VuLW9mLWZvcnR5LXRocmVlLQA'

  test.each<[string, LogFields]>([
    ['in a field', { to: address }],
    ['inside words', { reply: `550 5.1.1 <${address}>: user unknown` }],
    ['nested', { a: { b: [{ c: address }] } }],
    ['as the name of a field', { [address]: 1 }],
    ['in an error', { error: new Error(`no such user ${address}`) }],
    ['in the cause of an error', { error: new Error('failed', { cause: new Error(address) }) }],
    ['in an error of errors', { error: new AggregateError([new Error(address)], 'all failed') }],
    [
      'in what nodemailer adds to an error',
      { error: Object.assign(new Error('x'), { response: `550 ${address}` }) },
    ],
    ['in an address', { url: new URL(`http://localhost/suggestions?email=${address}`) }],
    ['encoded', { path: '/suggestions?email=jane.doe%2Bx%40mail.example&list=a' }],
    ['encoded twice', { path: '/suggestions?email=jane.doe%252Bx%2540mail.example' }],
    ['after a line break', { text: `RCPT TO:\n${address}\n` }],
    ['in a quoted local part', { to: '"jane.doe"@mail.example' }],
  ])('an address %s', (_, fields) => {
    const line = written(fields)
    expect(line).not.toMatch(/jane|doe/)
  })

  test('the domain of an address stays, for whoever looks why letters come back', () => {
    expect(written({ reply: `550 <${address}> unknown` })).toContain('550 <[address]@mail.example> unknown')
  })

  test('an address in another script', () => {
    expect(written({ to: '用户@例え.jp' })).not.toContain('用户')
  })

  test.each<[string, LogFields]>([
    ['in a path', { path: `/confirm/${link}` }],
    ['in a path below a path', { url: `https://a.example/lists/not-me/${link}?x=1` }],
    ['cut short in a path', { path: `/unsubscribe/${link.slice(0, 20)}` }],
    ['as a handle', { path: `/signups/${link}/events` }],
    ['in a return path', { from: `bounces+${token}@example.com` }],
    ['in a return path without its domain', { from: `bounces+${token}` }],
    ['in a Message-ID', { id: `<${token.toUpperCase()}@example.com>` }],
    ['by itself', { text: `letter ${token}` }],
    ['in a header', { header: `Bearer ${link.slice(0, 24)}` }],
    ['under a telling name', { adminToken: link.slice(0, 8), nested: { Authorization: link.slice(0, 8) } }],
  ])('a token %s', (_, fields) => {
    const line = written(fields)
    expect(line).not.toContain(link.slice(0, 8))
    expect(line.toLowerCase()).not.toContain(token.slice(0, 8))
  })

  test('a password in an address', () => {
    const line = written({ error: new Error('cannot reach postgres://ayes:hunter2@db:5432/ayes') })
    expect(line).not.toContain('hunter2')
    expect(line).toContain('db:5432/ayes')
  })

  test('a secret that the log was told of', () => {
    const lines: string[] = []
    const { log, hide } = openLog('debug', {
      secrets: ['configured-secret'],
      destination: { write: (line) => lines.push(line) },
    })
    hide('generated-secret')
    log.info('one', { text: 'configured-secret and generated-secret' })
    expect(lines[0]).toContain('[secret] and [secret]')
  })
})

describe('what an operator needs stays readable', () => {
  test.each([
    '/api/signups/0198f0a2-7b6c-7def-8123-456789abcdef',
    '/confirm/{token}',
    '550 5.1.1 user unknown',
    'at claim (file:///srv/ayes/src/doors/http/signups/signup-page.ts:12:5)',
    'at async file:///srv/ayes/node_modules/@hono/node-server/dist/index.mjs:1:2',
    '192.0.2.7',
    '2001:db8::1',
    '2026-01-02T03:04:05.678Z',
  ])('%s', (text) => {
    expect(written({ text })).toContain(JSON.stringify(text))
  })
})

describe('no value breaks the log', () => {
  test('circles, getters that throw, depth, size and odd types', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`)
    const hostile = {
      get secretive(): string {
        throw new Error('no')
      },
    }
    const line = written({
      circle,
      deep,
      hostile,
      big: 12n,
      bytes: Buffer.from('jane@example.com'),
      map: new Map([['jane@example.com', 1]]),
      symbol: Symbol('x'),
      call: () => 1,
      date: new Date(0),
      broken: new Date(Number.NaN),
      infinite: Number.POSITIVE_INFINITY,
      many: Array.from({ length: 10_000 }, () => 'x'),
      long: 'x '.repeat(100_000),
    })
    expect(line.length).toBeLessThan(10_000)
    expect(line).not.toContain('jane')
    expect(line).toContain('"date":"1970-01-01T00:00:00.000Z"')
    expect(line).toContain('"big":"12"')
  })

  test('hostile strings take no noticeable time', () => {
    const started = performance.now()
    for (const unit of ['a', '%', '@', '"', 'a@', '%40', '%25', '://', '/confirm/', '-', 'bearer ']) {
      written({ text: unit.repeat(100_000) })
    }
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

describe('at the end of the process', () => {
  const module = JSON.stringify(new URL('../src/log.ts', import.meta.url).href)
  const run = (code: string) => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', `import { openLog } from ${module}\n${code}`],
      { encoding: 'utf8', maxBuffer: 100_000_000 },
    )
    return { stdout: stdout.split('\n').slice(0, -1), stderr: stderr.split('\n').slice(0, -1) }
  }

  test('no line is lost, though the pipe is slower than the writer', () => {
    const { stdout } = run(`const { log } = openLog('info')
      for (let n = 0; n < 5000; n++) log.info('line', { n, text: 'x'.repeat(100) })
      process.exit(0)`)
    expect(stdout).toHaveLength(5_000)
    expect(JSON.parse(stdout.at(-1) ?? '')).toMatchObject({ n: 4_999 })
  })

  test('what was held back for an announcement that never came is on standard error', () => {
    const { stdout, stderr } = run(`const { log } = openLog('info', { hold: true })
      log.error('cannot-start')
      process.exit(1)`)
    expect(stdout).toEqual([])
    expect(stderr).toEqual([expect.stringContaining('"event":"cannot-start"')])
  })

  test('what comes after an end without announcement is on standard error too', () => {
    const { stdout, stderr } = run(`const { log, close } = openLog('info', { hold: true })
      log.info('one')
      close()
      log.info('two')`)
    expect(stdout).toEqual([])
    expect(stderr).toHaveLength(2)
  })
})
