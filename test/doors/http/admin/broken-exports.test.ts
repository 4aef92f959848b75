// Exports over a real socket: whole, or visibly not.
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type HttpServer, serveHttp } from '../../../../src/doors/http/shell/serve.ts'
import { type AdminHouse, adminToken, openAdminHouse } from '../../../support/admin-house.ts'
import { insertSubscribers } from '../../../support/many-subscribers.ts'

// more than all the sockets on the way can hold (tcp_rmem and tcp_wmem, twice), so that whoever writes must wait
const rows = 220_000
const path = '/api/lists/default/subscribers'
const authorization = `Bearer ${adminToken}`

let house: AdminHouse
let server: HttpServer

beforeAll(async () => {
  house = await openAdminHouse()
  const client = await house.database.pool.connect()
  await insertSubscribers((text, values) => client.query(text, values), {
    count: rows,
    keyId: house.deps.ring.current.id,
  })
  client.release(true)
  server = await serveHttp({ app: house.app, host: '127.0.0.1', port: 0, finishSeconds: 1 })
})
afterAll(async () => {
  await server.close()
  await house.close()
})

/** Backends that export in this database, and whether they wait for their reader. */
async function exporting(): Promise<{ pid: number; isWaiting: boolean }[]> {
  const { rows } = await house.database.pool.query<{ pid: number; isWaiting: boolean }>(
    `select pid, coalesce(wait_event = 'ClientWrite', false) as "isWaiting" from pg_stat_activity
      where application_name = 'ayes export' and datname = current_database()`,
  )
  return rows
}

async function waitingExports(count: number): Promise<number[]> {
  return vi.waitFor(
    async () => {
      const all = await exporting()
      expect(all.filter((one) => one.isWaiting)).toHaveLength(count)
      return all.map((one) => one.pid)
    },
    { timeout: 10_000 },
  )
}

const ended = () => vi.waitFor(async () => expect(await exporting()).toEqual([]), { timeout: 10_000 })

/** An answer of which nothing has been read. */
async function begin(): Promise<http.IncomingMessage> {
  const request = http.get(`${server.url}${path}`, { headers: { authorization }, agent: false })
  const [answer] = await once(request, 'response')
  request.on('error', () => {})
  return answer
}

test('a reader that pauses gets every row, and the server waits meanwhile', async () => {
  const answer = await begin()
  await waitingExports(1)
  let lines = 0
  for await (const chunk of answer) for (const byte of chunk) if (byte === 10) lines++
  expect(lines).toBe(rows + 1)
  expect(answer.complete).toBe(true)
  await ended()
})

test('readers that go away leave nothing behind', async () => {
  const answers = await Promise.all([begin(), begin(), begin()])
  await waitingExports(3)
  for (const answer of answers) answer.destroy()
  await ended()
  expect(house.logged).not.toContain('export-broken')
})

test('more than four at once are asked to come again', async () => {
  const answers = await Promise.all([begin(), begin(), begin(), begin()])
  const fifth = await begin()
  expect([fifth.statusCode, fifth.headers['retry-after']]).toEqual([503, '10'])
  for (const answer of [...answers, fifth]) answer.destroy()
  await ended()
})

test('when the database breaks off, the answer has no last chunk', async () => {
  const answer = await begin()
  const [pid] = await waitingExports(1)
  await house.database.pool.query('select pg_terminate_backend($1)', [pid])
  const reading = (async () => {
    for await (const _ of answer);
  })()
  await expect(reading).rejects.toThrow()
  expect(answer.complete).toBe(false)
  await vi.waitFor(() => expect(house.logged).toContain('export-broken'))
})

test('and to HTTP/1.0, where the end of the connection ends an answer, the connection is reset', async () => {
  const socket = net.connect(server.port, '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.0\r\nAuthorization: ${authorization}\r\n\r\n`)
  await once(socket, 'readable')
  const [pid] = await waitingExports(1)
  await house.database.pool.query('select pg_terminate_backend($1)', [pid])
  socket.resume()
  await expect(once(socket, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('when the service ends, what is under way is broken off and does not look whole', async () => {
  const answer = await begin()
  await waitingExports(1)
  await house.deps.copies.close()
  const reading = (async () => {
    for await (const _ of answer);
  })()
  await expect(reading).rejects.toThrow()
  expect(answer.complete).toBe(false)
  await ended()
})
