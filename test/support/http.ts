// Requests as forms and programs make them, and what every answer of a kind has in common.
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { eventually, letterTo, linkIn, type ReadLetter } from './letters.ts'
import type { TestService } from './running-service.ts'

export type Body = Record<string, unknown>
type Fields = Readonly<Record<string, string>> | readonly (readonly [string, string])[]

export const html = { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' }

export async function json(response: Response): Promise<Body> {
  return (await response.json()) as Body
}

export function newAddress(): string {
  return `${randomUUID()}@example.com`
}

/** POST as a form of a page, answered as JSON unless `headers` say otherwise. */
export function postForm(
  service: TestService,
  path: string,
  fields: Fields,
  headers: Record<string, string> = {},
): Promise<Response> {
  const pairs = Array.isArray(fields) ? fields.map(([name, value]) => [name, value]) : Object.entries(fields)
  return service.fetch(path, { method: 'POST', body: new URLSearchParams(pairs), headers })
}

export function postMultipart(
  service: TestService,
  path: string,
  fields: Record<string, string>,
): Promise<Response> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return service.fetch(path, { method: 'POST', body: form })
}

/** Any bytes as a body. */
export function postRaw(
  service: TestService,
  body: string | Uint8Array<ArrayBuffer>,
  contentType: string,
  path = '/signups',
): Promise<Response> {
  return service.fetch(path, { method: 'POST', body, headers: { 'content-type': contentType } })
}

/** RFC 9457, with our code. */
export async function expectProblem(
  response: Response,
  status: number,
  code: string,
  more: Body = {},
): Promise<Body> {
  const body = await json(response)
  expect(body, JSON.stringify(body)).toMatchObject({ status, code, ...more })
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  for (const member of ['type', 'title', 'detail']) expect(body[member]).toMatch(/\S/)
  return body
}

/** A page whose address holds a token: not kept, not indexed, and it tells nobody where its reader came from. */
export async function expectTokenPage(response: Response, status: number): Promise<string> {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(response.headers.get('cache-control')).toContain('no-store')
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  expect(response.headers.get('x-robots-tag')).toContain('noindex')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(response.headers.get('set-cookie')).toBeNull()
  return response.text()
}

/** A letter is in the mailbox a moment before it is recorded as sent. */
async function allSent(service: TestService, email: string): Promise<void> {
  await eventually(async () => {
    const { db } = service.service
    const queued = db
      .selectFrom('letters')
      .select('id')
      .where('recipient', '=', email)
      .where('state', '=', 'queued')
    return (await queued.execute()).length === 0
  }, 'the end of sending')
}

/** Signs up and waits until the letter is there and recorded as sent. */
export async function letterFor(
  service: TestService,
  email: string,
  fields: object = {},
): Promise<{ letter: ReadLetter; confirm: string; notMe: string }> {
  const answer = await service.signUp({ email, as_typed: true, ...fields })
  expect(answer.status).toBe(202)
  const letter = await letterTo(service, email)
  await allSent(service, email)
  return { letter, confirm: linkIn(letter, 'confirm'), notMe: linkIn(letter, 'not-me') }
}

/** The whole of the person's rows as text: the same before and after means that nothing was changed. */
export async function everythingAbout(service: TestService, email: string): Promise<string> {
  await allSent(service, email)
  const { db } = service.service
  const signups = await db
    .selectFrom('signups')
    .selectAll()
    .where('email', '=', email)
    .orderBy('id')
    .execute()
  const ids = signups.map(({ id }) => id)
  if (ids.length === 0) return '[]'
  const letters = await db
    .selectFrom('letters')
    .selectAll()
    .where('signup_id', 'in', ids)
    .orderBy('id')
    .execute()
  const events = await db
    .selectFrom('events')
    .selectAll()
    .where('signup_id', 'in', ids)
    .orderBy('id')
    .execute()
  return JSON.stringify([signups, letters, events])
}

export async function statusOf(service: TestService, email: string): Promise<string[]> {
  const rows = await service.service.db
    .selectFrom('signups')
    .select('status')
    .where('email', '=', email)
    .orderBy('signed_up_at')
    .execute()
  return rows.map(({ status }) => status)
}
