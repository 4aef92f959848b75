import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** Stands between the service and the database, and can be cut. */
export type Line = {
  readonly port: number
  cut(): Promise<void>
  mend(): Promise<void>
  close(): Promise<void>
}

export async function openLine(databaseUrl: string): Promise<Line> {
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

/** The same database, reached through the line. */
export function throughLine(databaseUrl: string, line: Line): string {
  const url = new URL(databaseUrl)
  url.searchParams.delete('host')
  url.hostname = '127.0.0.1'
  url.port = String(line.port)
  return url.href
}
