// The database goes away and comes back: 503 with Retry-After meanwhile, nothing that was answered 202 is lost.
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyTemplate } from '../support/database.ts'
import { eventually, letterTo } from '../support/letters.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

/** Stands between the service and the database, and can be cut. */
type Line = { readonly port: number; cut(): Promise<void>; mend(): Promise<void>; close(): Promise<void> }

async function openLine(databaseUrl: string): Promise<Line> {
  const url = new URL(databaseUrl)
  const socketDir = url.searchParams.get('host')
  const sockets = new Set<Socket>()
  let server: Server | null = null
  let port = 0

  async function listen(): Promise<void> {
    server = createServer((near) => {
      const far =
        socketDir === null
          ? connect(Number(url.port || 5432), url.hostname)
          : connect(`${socketDir}/.s.PGSQL.${url.port || 5432}`)
      for (const socket of [near, far]) {
        sockets.add(socket)
        socket
          .on('error', () => {})
          .on('close', () => {
            sockets.delete(socket)
            near.destroy()
            far.destroy()
          })
      }
      near.pipe(far).pipe(near)
    })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    port = typeof address === 'object' && address !== null ? address.port : 0
  }
  async function cut(): Promise<void> {
    const closing = server
    server = null
    for (const socket of sockets) socket.destroy()
    if (closing === null) return
    closing.close()
    await once(closing, 'close')
  }
  await listen()
  return { port, cut, mend: listen, close: cut }
}

let line: Line
let database: Awaited<ReturnType<typeof copyTemplate>>
let service: TestService

beforeAll(async () => {
  database = await copyTemplate()
  line = await openLine(database.url)
  const url = new URL(database.url)
  url.searchParams.delete('host')
  url.hostname = '127.0.0.1'
  url.port = String(line.port)
  service = await startTestService({ DATABASE_URL: url.href, LOG_LEVEL: 'info' })
})
afterAll(async () => {
  await service.close()
  await line.close()
  await database.drop()
})

test('while the database is away every answer that needs it is 503, and it recovers by itself', async () => {
  const answered: string[] = []
  let isOver = false
  const statuses = new Set<number>()
  const lanes = Array.from({ length: 8 }, async (_, lane) => {
    for (let n = 0; !isOver; n++) {
      const email = `ann-${lane}-${n}@example.com`
      const answer = await service.signUp({ email })
      statuses.add(answer.status)
      if (answer.status === 202) answered.push(email)
      else expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      await answer.arrayBuffer()
    }
  })
  await eventually(async () => answered.length > 50)
  await line.cut()
  await eventually(async () => statuses.has(503))
  expect((await service.fetch('/healthz')).status).toBe(200)
  expect((await service.fetch('/readyz')).status).toBe(503)
  await line.mend()
  const before = answered.length
  await eventually(async () => answered.length > before + 50, 'recovery')
  isOver = true
  await Promise.all(lanes)
  expect(statuses).toEqual(new Set([202, 503]))
  expect((await service.fetch('/readyz')).status).toBe(200)
  const { rows } = await service.service.db
    .selectFrom('signups as s')
    .innerJoin('letters as l', 'l.signup_id', 's.id')
    .select('s.email')
    .execute()
    .then((found) => ({ rows: new Set(found.map((row) => row.email)) }))
  expect(answered.filter((email) => !rows.has(email))).toEqual([])
  const last = answered.at(-1) ?? ''
  expect((await letterTo(service, last)).to).toBe(last)
}, 60_000)
