// One request at least for every route of the HTTP door, and for every page that there is.
import { makeLinkToken } from '../../src/core/tokens.ts'
import { html, json, letterFor, newAddress, postForm } from './http.ts'
import { lettersTo } from './letters.ts'
import { putList } from './list-sites.ts'
import type { TestService } from './running-service.ts'

export type Asked = {
  /** As the router has it: `GET /confirm/:token`; of no route: `none`. */
  readonly route: string
  readonly about: string
  readonly answer: Response
}

type Ask = readonly [route: string, about: string, path: string, init?: RequestInit]

const page = { headers: html }
const postPage = { method: 'POST', headers: html }
const post = { method: 'POST' }

/** `working` asks for a proof of work. */
export async function everyAnswer(service: TestService, working: TestService): Promise<Asked[]> {
  const all = [
    ...(await signingUp(service, working)),
    ...(await links(service)),
    ...(await plain(service)),
    ...(await devMailbox(service)),
    ...(await problems(service)),
  ]
  return all
}

async function inTurn(service: TestService, asks: readonly Ask[]): Promise<Asked[]> {
  const asked: Asked[] = []
  for (const [route, about, path, init] of asks)
    asked.push({ route, about, answer: await service.fetch(path, init) })
  return asked
}

async function signingUp(service: TestService, working: TestService): Promise<Asked[]> {
  await putList(service, 'closed', { allowed_origins: [] })
  const route = 'POST /signups'
  const form = async (about: string, fields: Record<string, string>, headers = {}, from = service) => ({
    route,
    about,
    answer: await postForm(from, '/signups', fields, { ...html, ...headers }),
  })
  const evil = { origin: 'https://evil.example' }
  const taken = await service.signUp({ email: newAddress() })
  const { handle } = await json(taken.clone())
  return [
    { route, about: 'taken', answer: taken },
    { route, about: 'a question', answer: await service.signUp({ email: 'ann@gmial.com' }) },
    await form('taken, by form', { email: newAddress() }),
    await form('a question, by form', { email: 'ann@gmial.com' }),
    await form('an error, by form', { email: 'nonsense' }),
    await form('a foreign site, by form', { email: newAddress(), list: 'closed' }, evil),
    await form('work, by form', { email: newAddress() }, {}, working),
    { route, about: 'work', answer: await working.signUp({ email: newAddress() }) },
    { route: 'GET /challenge', about: 'work', answer: await working.fetch('/challenge') },
    ...(await inTurn(service, [
      ['GET /challenge', 'no work', '/challenge'],
      ['GET /signups/:handle', 'page', `/signups/${handle}`, page],
      ['GET /signups/:handle', 'JSON', `/signups/${handle}`],
      ['GET /signups/:handle', 'unknown', '/signups/x', page],
      ['GET /signups/:handle/events', 'stream', `/signups/${handle}/events`],
      [
        'GET /signups/:handle/events',
        'over',
        `/signups/${handle}/events`,
        { headers: { 'last-event-id': 'final' } },
      ],
      ['GET /signups/:handle/events', 'unknown', '/signups/x/events'],
      ['GET /suggestions', 'a domain', '/suggestions?domain=gmial.com'],
      ['GET /suggestions', 'nothing', '/suggestions'],
      ['none', 'preflight', '/signups', { method: 'OPTIONS', headers: { ...evil, ...preflight } }],
    ])),
  ]
}

const preflight = { 'access-control-request-method': 'POST' }

async function links(service: TestService): Promise<Asked[]> {
  const { db, ring } = service.service
  const [one, two, three] = [newAddress(), newAddress(), newAddress()]
  const { confirm } = await letterFor(service, one)
  const { confirm: json } = await letterFor(service, three)
  const declined = await letterFor(service, two)
  const { id } = await db
    .selectFrom('signups')
    .select('id')
    .where('email', '=', one)
    .executeTakeFirstOrThrow()
  const leave = `/unsubscribe/${makeLinkToken(ring.current, 'unsubscribe', id)}`
  const renew = 'POST /confirm/:token/renew'
  return inTurn(service, [
    ['GET /confirm/:token', 'page', confirm, page],
    [renew, 'still open', `${confirm}/renew`, postPage],
    ['POST /confirm/:token', 'page', confirm, postPage],
    ['POST /confirm/:token', 'JSON', json, post],
    ['GET /confirm/:token', 'already', confirm, page],
    ['GET /confirm/:token', 'unknown', `/confirm/${'a'.repeat(43)}`, page],
    ['GET /confirm/:token', 'unknown, JSON', `/confirm/${'a'.repeat(43)}`],
    ['GET /unsubscribe/:token', 'page', leave, page],
    ['POST /unsubscribe/:token', 'one click', leave, post],
    ['POST /unsubscribe/:token', 'page', leave, postPage],
    ['GET /not-me/:token', 'page', declined.notMe, page],
    ['POST /not-me/:token', 'page', declined.notMe, postPage],
    ['GET /confirm/:token', 'gone', declined.confirm, page],
    ['GET /not-me/:token', 'done', declined.notMe, page],
    ['POST /not-me/:token/undo', 'page', `${declined.notMe}/undo`, postPage],
    ['POST /not-me/:token', 'JSON', declined.notMe, post],
  ])
}

function plain(service: TestService): Promise<Asked[]> {
  return inTurn(service, [
    ['GET /', 'page', '/', page],
    ['GET /forms/:list', 'page', '/forms/default', page],
    ['GET /forms/:list', 'of no other site', '/forms/closed', page],
    ...['embed.js', 'link.js', 'proof.js', 'snippet.js', 'embed.d.ts', 'embed.json'].map(
      (name): Ask => [`GET /${name}`, 'file', `/${name}`],
    ),
    ['GET /docs', 'page', '/docs', page],
    ['GET /openapi.json', 'JSON', '/openapi.json'],
    ['GET /healthz', 'JSON', '/healthz'],
    ['GET /readyz', 'JSON', '/readyz'],
    ['GET /metrics', 'text', '/metrics'],
    ['POST /bounces/message', 'no token', '/bounces/message', post],
  ])
}

async function devMailbox(service: TestService): Promise<Asked[]> {
  const email = newAddress()
  await letterFor(service, email)
  const [letter] = await lettersTo(service, email)
  const one = `/dev/mailbox/${letter?.id}`
  return inTurn(service, [
    ['GET /dev/mailbox', 'page', '/dev/mailbox', page],
    ['GET /dev/mailbox', 'JSON', '/dev/mailbox'],
    ['GET /dev/mailbox.js', 'script', '/dev/mailbox.js'],
    ['GET /dev/mailbox/:id', 'page', one, page],
    ['GET /dev/mailbox/:id', 'JSON', one],
    ['GET /dev/mailbox/:id/html', 'the letter itself', `${one}/html`, page],
  ])
}

function problems(service: TestService): Promise<Asked[]> {
  const large = { ...postPage, body: new URLSearchParams({ email: 'x'.repeat(70_000) }) }
  const strange = { ...postPage, body: 'x', headers: { ...html, 'content-type': 'text/plain' } }
  return inTurn(service, [
    ['none', '404', '/nowhere'],
    ['none', '404', '/nowhere', page],
    ['none', '405', '/signups', page],
    ['none', '405', '/docs', { method: 'PUT' }],
    ['none', '400', '/forms/a%00b', page],
    ['GET /forms/:list', '404', '/forms/nope', page],
    ['POST /signups', '400', '/signups', postPage],
    ['POST /signups', '413', '/signups', large],
    ['POST /signups', '415', '/signups', strange],
  ])
}
