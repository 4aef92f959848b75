// Whoever signs somebody up learns nothing about them: body, status, headers, page and stream are alike for a new
// address, a pending, a confirmed, a declined and a limited one, and for a program that fell into the honeypot.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changesIn, letterStatus, readHandle } from '../../../../src/flows/follow-letter.ts'
import { html, json, letterFor, newAddress, postForm } from '../../../support/http.ts'
import { eventually } from '../../../support/letters.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'
import { readStream } from '../../../support/streams.ts'

const watchedSeconds = Number(process.env.AYES_WATCH_SECONDS ?? 5.5)

let service: TestService
const post = (path: string) => service.fetch(path, { method: 'POST' })

beforeAll(async () => {
  service = await startTestService({ LETTERS_PER_LIST: 'off', LETTERS_PER_MAILBOX: '3/24h' })
  for (let n = 0; n < 5; n++) await letterFor(service, newAddress())
})
afterAll(() => service.close())

const known = {
  new: async () => newAddress(),
  async pending() {
    const email = newAddress()
    await letterFor(service, email)
    return email
  },
  async confirmed() {
    const email = newAddress()
    await post((await letterFor(service, email)).confirm)
    return email
  },
  async declined() {
    const email = newAddress()
    await post((await letterFor(service, email)).notMe)
    return email
  },
  async limited() {
    const email = newAddress()
    for (let n = 0; n < 3; n++) await letterFor(service, email)
    return email
  },
  honeypot: async () => newAddress(),
}
const kinds = Object.keys(known).filter((kind): kind is keyof typeof known => kind in known)

function fieldsFor(kind: string, email: string): Record<string, string> {
  return kind === 'honeypot' ? { email, website: 'http://spam.example' } : { email }
}

function headersOf(response: Response): Record<string, string> {
  const headers = Object.fromEntries(response.headers)
  return { ...headers, date: '', location: (headers.location ?? '').replace(/[\w-]{74}/, 'HANDLE') }
}

/** The same text with what is new in every answer taken out. */
function shapeOf(text: string): string {
  return text
    .replaceAll(/[\w-]{74}/g, 'HANDLE')
    .replaceAll(/[0-9a-f-]{36}@example\.com/g, 'EMAIL')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
}

test('the answer: status, headers, members and every length', async () => {
  const answers = new Map<string, string>()
  for (const kind of kinds) {
    const email = await known[kind]()
    const answer = await service.signUp(fieldsFor(kind, email))
    const text = await answer.text()
    answers.set(kind, JSON.stringify([answer.status, headersOf(answer), shapeOf(text), text.length]))
  }
  for (const kind of kinds) expect(answers.get(kind), kind).toBe(answers.get('new'))
})

test('the answer to a form of a page, and the waiting page', async () => {
  const answers = new Map<string, string>()
  for (const kind of kinds) {
    const answer = await postForm(service, '/signups', fieldsFor(kind, await known[kind]()), html)
    const location = answer.headers.get('location') ?? ''
    await eventually(async () => (await json(await service.fetch(location))).letter === 'sent')
    const page = await service.fetch(location, { headers: html })
    const seen = [
      answer.status,
      headersOf(answer),
      await answer.text(),
      page.status,
      headersOf(page),
      shapeOf(await page.text()),
    ]
    answers.set(kind, JSON.stringify(seen))
  }
  for (const kind of kinds) expect(answers.get(kind), kind).toBe(answers.get('new'))
})

test('the stream: from queued or sent to sent, never before the answer, and then nothing more', async () => {
  const streams = await Promise.all(
    kinds.map(async (kind) => {
      const email = await known[kind]()
      const body = await json(await service.signUp(fieldsFor(kind, email)))
      const issued = Date.parse(String(body.expires_at)) - 7 * 24 * 3_600_000
      return {
        kind,
        issued,
        handle: String(body.handle),
        stream: await readStream(service, String(body.handle)),
      }
    }),
  )
  await eventually(async () => streams.every(({ stream }) => stream.letters().includes('sent')))
  for (const { kind, issued, handle, stream } of streams) {
    const status = await service.fetch(`/signups/${handle}`)
    expect(stream.letters().join(' '), kind).toMatch(/^(queued )?sent$/)
    expect(await json(status), kind).toEqual(stream.events.at(-1)?.data)
    for (const { name, id, data } of stream.events) {
      expect(
        { name, id, members: Object.keys(data), reason: data.reason, suggestion: data.suggestion },
        kind,
      ).toEqual({
        name: 'letter',
        id: null,
        members: ['letter', 'reason', 'suggestion', 'at'],
        reason: null,
        suggestion: null,
      })
      expect(Date.parse(String(data.at)), kind).toBeGreaterThanOrEqual(issued)
      if (data.letter === 'queued') expect(Date.parse(String(data.at)), kind).toBe(issued)
    }
    expect(JSON.stringify(headersOf(status)), kind).toBe(
      JSON.stringify(headersOf(await service.fetch(`/signups/${streams[0]?.handle}`))),
    )
  }
  const before = streams.map(({ stream }) => stream.text())
  // Longer than the poll of five seconds; CI watches for a minute, and what could come later is asked of the flow below.
  await new Promise((resolve) => setTimeout(resolve, watchedSeconds * 1_000))
  const events = (text: string) => text.replaceAll(/^: *\w*\n\n/gm, '')
  expect(streams.map(({ stream }) => events(stream.text()))).toEqual(before.map(events))
  for (const { stream } of streams) stream.stop()
})

test('a minute, an hour and a day later every one of them still says sent', async () => {
  for (const kind of kinds) {
    const handle = String((await json(await service.signUp(fieldsFor(kind, await known[kind]())))).handle)
    const sent = await eventually(async () => {
      const now = await json(await service.fetch(`/signups/${handle}`))
      return now.letter === 'sent' && now
    })
    for (const later of [60, 3_600, 86_000]) {
      const deps = { ...service.service, now: () => new Date(Date.now() + later * 1_000) }
      const opened = readHandle(deps, handle)
      if (opened === null) throw new Error('the handle cannot be opened')
      const { letter, at } = await letterStatus(deps, opened)
      expect({ letter, at: at.toISOString() }, kind).toEqual({ letter: 'sent', at: sent.at })
      expect(changesIn(deps, opened), kind).toBeNull()
    }
  }
})
