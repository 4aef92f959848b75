import { describe, expect, test } from 'vitest'
import type { Emit, StreamOptions } from '../../../../src/doors/http/shell/event-stream.ts'
import { openShell } from './open-shell.ts'

function shellWithStream(options: Partial<StreamOptions> = {}, limits = {}) {
  const shell = openShell({ streams: limits })
  const readers: Emit[] = []
  const state = { unsubscribed: 0 }
  shell.app.get('/events', (c) =>
    shell.streams.open(c, {
      clients: ['4:192.0.2.1'],
      subscribe(emit) {
        readers.push(emit)
        emit({ name: 'letter', data: { letter: 'queued' } })
        return () => state.unsubscribed++
      },
      ...options,
    }),
  )
  return { ...shell, readers, state }
}

describe('an event stream', () => {
  test('sends named events and ends with the final one', async () => {
    const { app, readers, state, streams } = shellWithStream()
    const answer = await app.request('/events')
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-accel-buffering')).toBe('no')
    readers[0]?.({ name: 'letter', data: { letter: 'confirmed', text: 'a\nb' }, final: true })
    readers[0]?.({ name: 'letter', data: 'too late' })
    expect(await answer.text()).toBe(
      'event: letter\ndata: {"letter":"queued"}\n\n' +
        'event: letter\nid: final\ndata: {"letter":"confirmed","text":"a\\nb"}\n\n',
    )
    expect([state.unsubscribed, streams.count()]).toEqual([1, 0])
  })

  test('that is final from the beginning unsubscribes as well', async () => {
    const state = { unsubscribed: 0 }
    const { app, streams } = shellWithStream({
      async subscribe(emit) {
        emit({ name: 'letter', data: 1, final: true })
        return () => state.unsubscribed++
      },
    })
    expect(await (await app.request('/events')).text()).toContain('data: 1')
    expect([state.unsubscribed, streams.count()]).toEqual([1, 0])
  })

  test('beats while nothing happens and ends at its time', async () => {
    const { app, state } = shellWithStream({ maxSeconds: 0.2 }, { heartbeatSeconds: 0.01 })
    const text = await (await app.request('/events')).text()
    expect(text).toMatch(/queued"}\n\n(: alive\n\n)+$/)
    expect(state.unsubscribed).toBe(1)
  })

  test('is forgotten when its reader goes away', async () => {
    const { app, state, streams } = shellWithStream()
    const answer = await app.request('/events')
    expect(streams.count()).toBe(1)
    await answer.body?.cancel()
    expect([state.unsubscribed, streams.count()]).toEqual([1, 0])
  })

  test('that a reader comes back to after the final event stays ended', async () => {
    const { app, readers } = shellWithStream()
    const answer = await app.request('/events', { headers: { 'Last-Event-ID': 'final' } })
    expect([answer.status, readers.length]).toEqual([204, 0])
  })

  test('is not begun by HEAD', async () => {
    const { app, streams } = shellWithStream()
    const answer = await app.request('/events', { method: 'HEAD' })
    expect([answer.status, streams.count()]).toEqual([200, 0])
  })

  test('whose subscription fails counts no longer', async () => {
    const { app, streams } = shellWithStream({ subscribe: () => Promise.reject(new Error('no')) })
    expect((await app.request('/events')).status).toBe(500)
    expect(streams.count()).toBe(0)
  })

  test('of a reader that takes nothing is not stored without end', async () => {
    const { app, readers, streams } = shellWithStream()
    await app.request('/events')
    for (let n = 0; n < 1000; n++) readers[0]?.({ name: 'letter', data: n })
    expect(streams.count()).toBe(0)
  })
})

test('one client has so many streams and all together so many', async () => {
  const { app, streams } = shellWithStream({}, { perClient: 2, most: 3 })
  app.get('/other', (c) => streams.open(c, { clients: ['other'], subscribe: () => () => undefined }))
  const answers = []
  for (const path of ['/events', '/events', '/events', '/other', '/other'])
    answers.push(await app.request(path))
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 429, 200, 503])
  expect(answers[2]?.headers.get('retry-after')).toBe('30')
  await answers[0]?.body?.cancel()
  expect((await app.request('/events')).status).toBe(200)
})

test('closing ends all streams and lets none begin', async () => {
  const { app, streams, state } = shellWithStream()
  const answers = [await app.request('/events'), await app.request('/events')]
  streams.close()
  for (const answer of answers) expect(await answer.text()).toContain('queued')
  expect([state.unsubscribed, streams.count()]).toEqual([2, 0])
  expect((await app.request('/events')).status).toBe(503)
})
