// Event streams on real sockets: who is counted, and that whoever goes away, in whatever manner, is counted no longer.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Emit, StreamLimits, StreamOptions } from '../../../../src/doors/http/shell/event-stream.ts'
import { type HttpServer, serveHttp } from '../../../../src/doors/http/shell/serve.ts'
import { eventually } from '../../../support/letters.ts'
import { openShell } from './open-shell.ts'

const opened: HttpServer[] = []
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(opened.splice(0).map((server) => server.close()))
})

async function open(limits: StreamLimits = {}, options: Partial<StreamOptions> = {}) {
  const shell = openShell({ streams: limits, trustProxy: 1 })
  const readers: Emit[] = []
  shell.app.get('/events', (c) =>
    shell.streams.open(c, {
      clients: shell.clientOf(c).keys,
      subscribe(emit) {
        readers.push(emit)
        emit({ name: 'letter', data: { letter: 'queued' } })
        return () => undefined
      },
      ...options,
    }),
  )
  const { app, streams } = shell
  const server = await serveHttp({ app, host: '127.0.0.1', port: 0, endStreams: streams.close })
  opened.push(server)
  return { ...shell, server, readers }
}

type Reader = { socket: Socket; text: () => string }

function read(server: HttpServer, client = '192.0.2.1'): Reader {
  const socket = connect(server.port, '127.0.0.1')
  sockets.push(socket)
  let text = ''
  socket.setEncoding('latin1').on('data', (part) => {
    text += part
  })
  socket.on('error', () => undefined)
  socket.write(`GET /events HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${client}\r\n\r\n`)
  return { socket, text: () => text }
}

const isAnswered = ({ text }: Reader) => text().includes('\r\n\r\n')
const status = ({ text }: Reader) => Number(text().slice(9, 12))

/** The statuses of so many streams, opened one after the other. */
async function opening(server: HttpServer, clients: readonly string[]): Promise<number[]> {
  const statuses: number[] = []
  for (const client of clients) {
    const reader = read(server, client)
    await eventually(async () => isAnswered(reader))
    statuses.push(status(reader))
  }
  return statuses
}

const times = (count: number, client: string) => Array.from({ length: count }, () => client)

test('the twenty-first of a client is refused for a while, and one that is killed makes room', async () => {
  const { server, streams } = await open()
  const readers = times(20, '192.0.2.1').map((client) => read(server, client))
  await eventually(async () => readers.every(isAnswered))
  expect(readers.map(status)).toEqual(times(20, '').map(() => 200))
  const more = read(server)
  await eventually(async () => isAnswered(more))
  expect(status(more)).toBe(429)
  expect(more.text()).toMatch(/\r\nretry-after: 30\r\n/i)
  expect(await opening(server, ['192.0.2.2'])).toEqual([200])
  readers[0]?.socket.resetAndDestroy()
  readers[1]?.socket.destroy()
  await eventually(async () => streams.count() === 19)
  expect(await opening(server, times(3, '192.0.2.1'))).toEqual([200, 200, 429])
})

test('an IPv6 network counts as one client, and a site as five', async () => {
  const { server } = await open({ perClient: 2 })
  const statuses = await opening(server, [
    ...['2001:db8:0:1::1', '2001:db8:0:1::2', '2001:db8:0:1:ffff::3'],
    ...Array.from({ length: 8 }, (_, n) => `2001:db8:0:${n + 2}::1`),
    ...['2001:db8:0:aa::1', '2001:db8:1:1::1'],
  ])
  expect(statuses).toEqual([200, 200, 429, ...times(8, '').map(() => 200), 429, 200])
})

test('a reader that goes away before its first event leaves nothing behind', async () => {
  const entered = Promise.withResolvers<void>()
  const first = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  const { server, streams } = await open(
    {},
    {
      async subscribe() {
        entered.resolve()
        await first.promise
        return () => left.resolve()
      },
    },
  )
  const { socket } = read(server)
  await entered.promise
  socket.resetAndDestroy()
  await eventually(async () => streams.count() === 0)
  first.resolve()
  await left.promise
  expect(await opening(server, ['192.0.2.1'])).toEqual([200])
})

test('a reader that takes nothing is let go', async () => {
  const { server, readers, streams } = await open()
  const reader = read(server)
  await eventually(async () => isAnswered(reader))
  reader.socket.pause()
  const data = 'x'.repeat(8_000)
  // What the system's own buffers take, megabytes perhaps, goes first.
  for (let n = 0; n < 10_000 && streams.count() > 0; n++) {
    readers[0]?.({ name: 'letter', data })
    await new Promise(setImmediate)
  }
  expect(streams.count()).toBe(0)
})

test('the bound for all of them is told to whoever counts', async () => {
  const counted: number[] = []
  const { server, streams } = await open({ most: 2, observe: (open) => counted.push(open) })
  const clients = ['192.0.2.1', '192.0.2.2', '192.0.2.3']
  expect(await opening(server, clients)).toEqual([200, 200, 503])
  sockets[0]?.destroy()
  await eventually(async () => streams.count() === 1)
  expect(counted).toEqual([1, 2, 1])
})

test('every stream has its heartbeat, and its end at its time', async () => {
  const { server, streams } = await open({ heartbeatSeconds: 0.05 }, { maxSeconds: 0.3 })
  const readers = times(5, '192.0.2.1').map((client) => read(server, client))
  await Promise.all(readers.map(({ socket }) => once(socket, 'data')))
  await eventually(async () => streams.count() === 0)
  await eventually(async () => readers.every(({ text }) => text().endsWith('0\r\n\r\n')))
  for (const { text } of readers) expect(text()).toContain(': alive\n\n')
})
