// HTTP on a socket: limits in time and size on everything that is read, and an end that lets work finish.
import { createServer, type Server, STATUS_CODES } from 'node:http'
import { isIPv6 } from 'node:net'
import { getRequestListener, type Http2Bindings, type HttpBindings, RequestError } from '@hono/node-server'
import { headersOfAll } from './headers-of-all.ts'

export type ServeOptions = {
  app: { fetch: (request: Request, env: HttpBindings | Http2Bindings) => Response | Promise<Response> }
  host: string
  /** 0 takes any free port. */
  port: number
  /** Ends the answers that would go on by themselves; called when the server is closed. */
  endStreams?: () => void
  /** A header must be there in this time, counted from the connection's opening. */
  headerSeconds?: number
  /** A whole request must be there in this time; bodies have shorter limits of their own. */
  requestSeconds?: number
  /** Requests under way at the close get this long. */
  finishSeconds?: number
  /** Trouble with the listening socket later on, such as too many open files. */
  onTrouble?: (error: Error) => void
}

export type HttpServer = { url: string; port: number; close(): Promise<void> }

/** The port cannot be listened on; the message says why and what to do. */
export class CannotListen extends Error {}

const MOST_HEADER_BYTES = 16 * 1024
const MOST_HEADERS = 100
/** Longer than the minute after which common proxies drop idle connections: they must be the ones to do it. */
const KEEP_ALIVE_SECONDS = 65
const LOOK_FOR_IDLE_MS = 25

export async function serveHttp(options: ServeOptions): Promise<HttpServer> {
  const closing = { begun: false }
  const server = openServer(options, closing)
  await listen(server, options)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  let closed: Promise<void> | undefined
  return {
    url: `http://${reachable(options.host)}:${port}`,
    port,
    close() {
      closing.begun = true
      closed ??= closeServer(server, options)
      return closed
    },
  }
}

function openServer(options: ServeOptions, closing: { begun: boolean }): Server {
  const answer = getRequestListener(options.app.fetch, {
    hostname: 'localhost',
    // The app answers its own errors; what ends here is a Host or a request target that cannot be read.
    errorHandler: (error) =>
      error instanceof RequestError ? malformed() : new Response(null, { status: 500 }),
  })
  const headersTimeout = (options.headerSeconds ?? 10) * 1000
  const requestTimeout = Math.max((options.requestSeconds ?? 90) * 1000, headersTimeout)
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout,
      requestTimeout,
      keepAliveTimeout: KEEP_ALIVE_SECONDS * 1000,
      connectionsCheckingInterval: Math.min(2000, headersTimeout / 2),
    },
    (incoming, outgoing) => {
      if (closing.begun) outgoing.shouldKeepAlive = false
      void answer(incoming, outgoing)
    },
  )
  server.maxHeadersCount = MOST_HEADERS
  return server
}

function listen(server: Server, { host, port, onTrouble }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port)))
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      server.on('error', (error) => onTrouble?.(error))
      resolve()
    })
  })
}

async function closeServer(server: Server, options: ServeOptions): Promise<void> {
  const gone = new Promise<void>((resolve) => server.close(() => resolve()))
  options.endStreams?.()
  // A connection turns idle when its answer is out; Node closes those that are idle at the call only.
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_FOR_IDLE_MS)
  const late = setTimeout(() => server.closeAllConnections(), (options.finishSeconds ?? 10) * 1000)
  await gone
  clearInterval(idle)
  clearTimeout(late)
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const place = `port ${port} on ${host}`
  const words: Record<string, string> = {
    EADDRINUSE: `${place} is in use by another process: stop that one or set PORT to another port`,
    EACCES: `this user may not listen on ${place}: set PORT to 1024 or above`,
    EADDRNOTAVAIL: `${host} is no address of this machine: set HOST to one that is, or to 127.0.0.1`,
    ENOTFOUND: `${host} is not a name that resolves to an address: set HOST to an address of this machine`,
  }
  const text = words[error.code ?? ''] ?? `${place} cannot be listened on (${error.code ?? error.message})`
  return new CannotListen(text.charAt(0).toUpperCase() + text.slice(1), { cause: error })
}

function malformed(): Response {
  const problem = { type: 'about:blank', title: STATUS_CODES[400], status: 400, code: 'bad-request' }
  const detail = 'The request target or the Host header cannot be read.'
  const headers = { ...headersOfAll, 'Content-Type': 'application/problem+json', Connection: 'close' }
  return new Response(JSON.stringify({ ...problem, detail }), { status: 400, headers })
}

// 0.0.0.0 and :: are places to listen, not to go to.
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return isIPv6(host) ? `[${host}]` : host
}
