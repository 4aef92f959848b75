// What every page and every other answer says to the browser that gets it. The list comes from the router and from the
// templates, so that nothing new is left out.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openHttpDoor } from '../../../src/doors/http/http-door.ts'
import { openLetterWatch } from '../../../src/flows/watch-letters.ts'
import { isDatabaseAway } from '../../../src/store/open-database.ts'
import { pageExamples } from '../../../src/templates/examples.ts'
import { type Asked, everyAnswer } from '../../support/every-answer.ts'
import { startTestService, type TestService, testConfig } from '../../support/running-service.ts'

let service: TestService
let working: TestService
let asked: Asked[]
const rendered = new Set<string>()

beforeAll(async () => {
  service = await startTestService({ LETTERS_PER_LIST: 'off' })
  working = await startTestService({
    DATABASE_URL: service.databaseUrl,
    PROOF_OF_WORK: 'on',
    ROLES: 'http',
    PUBLIC_URL: service.base,
  })
  // They go on rendering as they do.
  const watched = [service, working].map(({ service: { templates } }) => vi.spyOn(templates, 'page'))
  asked = await everyAnswer(service, working)
  for (const [name] of watched.flatMap(({ mock }) => mock.calls)) rendered.add(name)
  for (const { answer } of asked) await answer.body?.cancel()
})
afterAll(async () => {
  vi.restoreAllMocks()
  await working?.close()
  await service?.close()
})

/** Which of the answers break the rule, and how. */
function breaches(of: (one: Asked) => boolean, rule: (answer: Response, one: Asked) => unknown): string[] {
  const held = asked.filter(of)
  expect(held.length).toBeGreaterThan(3)
  return held.flatMap((one) => {
    const wrong = rule(one.answer, one)
    return wrong === null ? [] : [`${one.route}, ${one.about}, ${one.answer.status}: ${wrong}`]
  })
}

const header = (answer: Response, name: string) => answer.headers.get(name) ?? 'nothing'
const says = (name: string, value: string) => (answer: Response) =>
  header(answer, name) === value ? null : `${name} says ${header(answer, name)}`

const isLetter = ({ route }: Asked) => route === 'GET /dev/mailbox/:id/html'
const isHtml = ({ answer }: Asked) => header(answer, 'content-type').startsWith('text/html')
const isPage = (one: Asked) => isHtml(one) && !isLetter(one)
const isFile = ({ route }: Asked) => /^GET \/(?:embed|link|proof|snippet)\./.test(route)
const isPost = ({ route }: Asked) => route.startsWith('POST ')
/** JSON, text, streams and what has no body. */
const isData = (one: Asked) => !isHtml(one) && !isFile(one)
/** The only pages without a token in them or in their address. */
const isOpen = ({ route, answer }: Asked) =>
  ['GET /', 'GET /forms/:list', 'GET /docs'].includes(route) && answer.status === 200

function policyOf(answer: Response): Map<string, string[]> {
  const rules = header(answer, 'content-security-policy').split(';')
  return new Map(
    rules.map((rule): [string, string[]] => {
      const [name = '', ...sources] = rule.trim().split(/\s+/)
      return [name, sources]
    }),
  )
}

test('every route is asked', () => {
  const config = testConfig({ PORT: '0' })
  const watch = openLetterWatch(service.service)
  const door = openHttpDoor({
    config,
    service: service.service,
    watch,
    mailbox: { exposed: false, list: async () => [], read: async () => null },
    adminToken: service.adminToken,
    copies: { open: () => Promise.reject(new Error('none')), close: async () => {} },
    eraseFromMailbox: async () => {},
    isDatabaseAway,
  })
  watch.close()
  const routes = door.app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.startsWith('/api/'))
    .map(({ method, path }) => `${method} ${path}`)
  const seen = new Set(asked.map(({ route }) => route))
  seen.delete('none')
  expect([...seen].sort()).toEqual([...new Set(routes)].sort())
})

test('every page is seen', () => {
  expect([...rendered].sort()).toEqual(Object.keys(pageExamples).sort())
})

describe('a page', () => {
  test('may load nothing but our own style and script, and speak to nobody but us', () => {
    const rule = (answer: Response) => {
      const policy = policyOf(answer)
      if (policy.get('default-src')?.join() !== "'none'") return 'default-src is open'
      for (const [name, sources] of policy) {
        const isHost = (source: string) =>
          !source.startsWith("'") && !(name === 'img-src' && source === 'data:')
        if (sources.some((source) => source.startsWith("'unsafe"))) return `${name} is unsafe`
        if (name !== 'frame-ancestors' && name !== 'form-action' && sources.some(isHost))
          return `${name} lets others in`
      }
      if ((policy.get('script-src') ?? ["'self'"]).join() !== "'self'") return 'script-src is open'
      if (policy.get('base-uri')?.join() !== "'none'") return 'base-uri is open'
      return policy.get('form-action')?.join() === "'self'" ? null : 'form-action is open'
    }
    expect(breaches(isPage, rule)).toEqual([])
  })

  test('is in no frame, unless it is the form or what the form leads to', () => {
    const rule = (answer: Response, { route }: Asked) => {
      const ancestors = policyOf(answer).get('frame-ancestors')?.join(' ')
      const options = header(answer, 'x-frame-options')
      if (ancestors === "'none'") return options === 'DENY' ? null : `X-Frame-Options says ${options}`
      if (ancestors === "'self'") return options === 'SAMEORIGIN' ? null : `X-Frame-Options says ${options}`
      if (!/^(?:GET \/forms\/:list|POST \/signups|GET \/signups\/:handle)$/.test(route))
        return `framed by ${ancestors}`
      return ancestors === '*' && options === 'nothing' ? null : `framed by ${ancestors}`
    }
    expect(breaches(isPage, rule)).toEqual([])
  })

  test.each([
    ['X-Content-Type-Options', 'nosniff'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Cache-Control', 'no-store'],
  ])('says %s: %s', (name, value) => {
    expect(breaches(isPage, says(name, value))).toEqual([])
  })

  test('is not indexed, and no link tells where it was, unless everybody may know it', () => {
    const isClosed = (one: Asked) => isPage(one) && !isOpen(one)
    expect(breaches(isClosed, says('Referrer-Policy', 'no-referrer'))).toEqual([])
    expect(breaches(isClosed, says('X-Robots-Tag', 'noindex, nofollow'))).toEqual([])
    expect(breaches(isOpen, says('Referrer-Policy', 'strict-origin-when-cross-origin'))).toEqual([])
  })
})

test('a letter in the dev mailbox is shown in a cage: its own styles, and nothing of a script or a form', () => {
  const [letter] = asked.filter(isLetter)
  const policy = letter === undefined ? new Map<string, string[]>() : policyOf(letter.answer)
  expect(Object.fromEntries(policy)).toEqual({
    'default-src': ["'none'"],
    'style-src': ["'unsafe-inline'"],
    'img-src': ['data:'],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    sandbox: ['allow-popups', 'allow-popups-to-escape-sandbox'],
    'frame-ancestors': ["'self'"],
  })
})

describe('an answer for programs', () => {
  const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  test.each([
    ['Content-Security-Policy', nothing],
    ['Referrer-Policy', 'no-referrer'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Cache-Control', 'no-store'],
  ])('to GET says %s: %s', (name, value) => {
    expect(breaches((one) => isData(one) && !isPost(one), says(name, value))).toEqual([])
  })

  test('is not sniffed for something else, and neither is any other', () => {
    expect(breaches(() => true, says('X-Content-Type-Options', 'nosniff'))).toEqual([])
  })

  test('that is an error is not kept', () => {
    const isError = (one: Asked) => isData(one) && one.answer.status >= 400
    expect(breaches(isError, says('Cache-Control', 'no-store'))).toEqual([])
  })
})

test('what forms load from us may be loaded from anywhere, and kept', () => {
  for (const [name, value] of [
    ['Cross-Origin-Resource-Policy', 'cross-origin'],
    ['Access-Control-Allow-Origin', '*'],
    ['Cache-Control', 'public, max-age=3600'],
  ] as const)
    expect(breaches(isFile, says(name, value))).toEqual([])
})

test('no answer sets a cookie, names its server, or speaks for the whole host', () => {
  const rule = (answer: Response) =>
    [
      'set-cookie',
      'server',
      'x-powered-by',
      'strict-transport-security',
      'access-control-allow-credentials',
    ].find((name) => answer.headers.has(name)) ?? null
  expect(breaches(() => true, rule)).toEqual([])
})

test('the admin’s door says as much to whoever has no token', async () => {
  for (const path of ['/api/lists', '/api/signups', '/api/nothing']) {
    const answer = await service.fetch(path)
    expect(answer.status).toBe(401)
    for (const name of ['content-security-policy', 'cross-origin-resource-policy', 'referrer-policy'])
      expect(header(answer, name)).not.toBe('nothing')
    expect(header(answer, 'cache-control')).toBe('no-store')
  }
})

test('a request that cannot be read is answered no less carefully', async () => {
  const { port } = new URL(service.base)
  const headers = await new Promise<NodeJS.Dict<string | string[]>>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/', headers: { host: 'a b' } }, (answer) => {
      answer.resume().on('end', () => resolve(answer.headers))
    })
      .on('error', reject)
      .end()
  })
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
  })
})
