import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { readRecord } from '../../../../src/doors/http/shell/body.ts'
import { readBytes } from '../../../../src/doors/http/shell/body-bytes.ts'
import { type HttpServer, type ServeOptions, serveHttp } from '../../../../src/doors/http/shell/serve.ts'
import { openShell } from './open-shell.ts'

const opened: HttpServer[] = []
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(opened.splice(0).map((server) => server.close()))
})

async function open(options: Partial<ServeOptions> = {}) {
  const shell = openShell()
  const gate = Promise.withResolvers<void>()
  const entered = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  shell.app.get('/hello', (c) => c.json({ client: shell.clientOf(c).address }))
  shell.app.post('/echo', async (c) => c.json(await readRecord(c)))
  shell.app.post('/quick', async (c) => c.json((await readBytes(c, { within: 0.05 })).length))
  shell.app.get('/waits', async (c) => {
    entered.resolve()
    await gate.promise
    return c.text('done')
  })
  shell.app.get('/events', (c) =>
    shell.streams.open(c, {
      clients: ['x'],
      subscribe(emit) {
        emit({ name: 'letter', data: 1 })
        return () => left.resolve()
      },
    }),
  )
  const server = await serveHttp({
    app: shell.app,
    host: '127.0.0.1',
    port: 0,
    endStreams: shell.streams.close,
    ...options,
  })
  opened.push(server)
  return { ...shell, server, gate, entered, left }
}

function dial(server: HttpServer): Socket {
  const socket = connect(server.port, '127.0.0.1')
  sockets.push(socket)
  return socket
}

async function everything(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  await once(socket, 'close')
  return text
}

const HEAD = 'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'

test('answers on its socket, HEAD like GET without a body', async () => {
  const { server } = await open()
  expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
  expect(await (await fetch(`${server.url}/hello`)).json()).toEqual({ client: '127.0.0.1' })
  const head = await fetch(`${server.url}/hello`, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

test('a body in many pieces is one body', async () => {
  const { server } = await open()
  const socket = dial(server)
  const answer = everything(socket)
  socket.write(`${HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n`)
  for (const piece of ['{"a":', '"b', '"}']) socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`)
  socket.write('0\r\n\r\n')
  expect(await answer).toMatch(/^HTTP\/1.1 200 [\s\S]*\{"a":"b"\}/)
})

test('a body that is too large is 413, announced or not, and the service lives on', async () => {
  const { server } = await open()
  const headers = { 'Content-Type': 'application/json' }
  const large = await fetch(`${server.url}/echo`, { method: 'POST', body: 'x'.repeat(70_000), headers })
  expect(large.status).toBe(413)
  const socket = dial(server)
  const answer = everything(socket)
  socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`)
  for (let n = 0; n < 20; n++) socket.write(`1000\r\n${'x'.repeat(4096)}\r\n`)
  expect(await answer).toMatch(/^HTTP\/1.1 413 /)
  expect((await fetch(`${server.url}/hello`)).status).toBe(200)
})

test('a body that drips is 408 and its connection is closed', async () => {
  const { server } = await open()
  const socket = dial(server)
  const answer = everything(socket)
  socket.write('POST /quick HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc')
  expect(await answer).toMatch(/^HTTP\/1.1 408 [\s\S]*"code":"too-slow"/)
})

test('a reader that breaks off in its body is no fault of ours', async () => {
  const { server, logged, app } = await open()
  const { promise, resolve } = Promise.withResolvers<number>()
  app.post('/broken', async (c) => {
    const body = readBytes(c)
    socket.destroy()
    await body.catch((error) => resolve(error.status))
    return c.text('')
  })
  const socket = dial(server)
  socket.write('POST /broken HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc')
  expect(await promise).toBe(400)
  expect(logged.filter((entry) => entry.level === 'error')).toEqual([])
})

test('a header that drips is cut off', async () => {
  const { server } = await open({ headerSeconds: 0.2 })
  const socket = dial(server)
  const answer = everything(socket)
  socket.write('GET /hello HTTP/1.1\r\nHost: loc')
  expect(await answer).toMatch(/^HTTP\/1.1 408 /)
})

test('a connection that says nothing is cut off', async () => {
  const { server } = await open({ headerSeconds: 0.2 })
  const socket = dial(server)
  socket.resume()
  await once(socket, 'close')
})

test.each([
  ['header that is too large', `X: ${'x'.repeat(20_000)}`, 431],
  ['Host that is none', 'Host: a b', 400],
])('a %s is refused', async (_name, header, status) => {
  const { server } = await open()
  const socket = dial(server)
  const answer = everything(socket)
  const host = header.startsWith('Host') ? '' : 'Host: localhost\r\n'
  socket.write(`GET /hello HTTP/1.1\r\n${host}${header}\r\nConnection: close\r\n\r\n`)
  expect(await answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})

test('closing finishes what runs, closes what is idle and takes nothing new', async () => {
  const { server, gate, entered } = await open()
  const idle = dial(server)
  idle.resume()
  const running = fetch(`${server.url}/waits`)
  await entered.promise
  const closed = server.close()
  await once(idle, 'close')
  gate.resolve()
  expect(await (await running).text()).toBe('done')
  await closed
  expect(server.close()).toBeInstanceOf(Promise)
  await expect(fetch(`${server.url}/hello`)).rejects.toThrow()
})

test('closing does not wait without end for what runs', async () => {
  const { server, gate, entered } = await open({ finishSeconds: 0.05 })
  const running = fetch(`${server.url}/waits`)
  await entered.promise
  await Promise.all([expect(running).rejects.toThrow(), server.close()])
  gate.resolve()
})

test('closing ends the event streams', async () => {
  const { server } = await open()
  const answer = await fetch(`${server.url}/events`)
  await server.close()
  expect(await answer.text()).toContain('event: letter')
})

test('a reader that leaves its event stream is noticed', async () => {
  const { server, left, streams } = await open()
  const leaving = new AbortController()
  await fetch(`${server.url}/events`, { signal: leaving.signal })
  expect(streams.count()).toBe(1)
  leaving.abort()
  await left.promise
  expect(streams.count()).toBe(0)
})

test('a port in use is told in words', async () => {
  const { server } = await open()
  const { app } = openShell()
  await expect(serveHttp({ app, host: '127.0.0.1', port: server.port })).rejects.toThrow(
    `Port ${server.port} on 127.0.0.1 is in use by another process`,
  )
  await expect(serveHttp({ app, host: '192.0.2.1', port: 0 })).rejects.toThrow(
    'is no address of this machine',
  )
})
