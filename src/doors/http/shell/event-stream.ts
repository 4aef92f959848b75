// Server-sent events (HTML standard, 9.2) with an end: final event, time limit, the reader's leaving or our stop.
import type { HttpContext } from './http-env.ts'
import { problem } from './problem.ts'

/** Carried by a final event. An EventSource comes back with it by itself and is told by 204 to stop. */
const FINAL_ID = 'final'
/** Events and heartbeats that may wait for a reader that takes nothing. */
const MOST_WAITING = 64
const RETRY_AFTER = 30

export type StreamEvent = { name: string; data: unknown; final?: boolean }
export type Emit = (event: StreamEvent) => void
/** Called once; what it returns is called once when the stream ends, whatever ended it. */
export type Subscribe = (emit: Emit) => Unsubscribe | Promise<Unsubscribe>
export type Unsubscribe = () => void

export type StreamOptions = {
  subscribe: Subscribe
  /** Whose streams are counted together. */
  client: string
  heartbeatSeconds?: number
  maxSeconds?: number
}

export type EventStreams = {
  /** Throws a 503 or 429 problem where there are too many. */
  open(c: HttpContext, options: StreamOptions): Promise<Response>
  /** Ends every stream and lets none begin. */
  close(): void
  count(): number
}

export type StreamLimits = { most?: number; perClient?: number }

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
}

export function eventStreams({ most = 5000, perClient = 20 }: StreamLimits = {}): EventStreams {
  const running = new Set<() => void>()
  const clients = new Map<string, number>()
  let closed = false

  function admit(client: string): () => void {
    if (closed || running.size >= most) {
      throw problem(503, 'busy', 'Too many event streams are open. Ask again later.', {
        retryAfter: RETRY_AFTER,
      })
    }
    const open = clients.get(client) ?? 0
    if (open >= perClient) {
      throw problem(429, 'too-many', 'You have too many event streams open.', { retryAfter: RETRY_AFTER })
    }
    clients.set(client, open + 1)
    return function leave() {
      const left = (clients.get(client) ?? 1) - 1
      if (left > 0) clients.set(client, left)
      else clients.delete(client)
    }
  }

  return {
    async open(c, options) {
      if (c.req.header('last-event-id') === FINAL_ID) return c.body(null, 204)
      if (c.req.method === 'HEAD') return c.body(null, 200, HEADERS)
      const leave = admit(options.client)
      const stream = new EventBody(options, () => {
        leave()
        running.delete(end)
      })
      const end = () => stream.end()
      running.add(end)
      await stream.start()
      return c.body(stream.readable, 200, HEADERS)
    },
    close() {
      closed = true
      for (const end of [...running]) end()
    },
    count: () => running.size,
  }
}

class EventBody {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>
  readonly #options: StreamOptions
  readonly #onEnd: () => void
  readonly #encoder = new TextEncoder()
  readonly #timers: NodeJS.Timeout[] = []
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined
  #unsubscribe: Unsubscribe | undefined
  #ended = false

  constructor(options: StreamOptions, onEnd: () => void) {
    this.#options = options
    this.#onEnd = onEnd
    this.readable = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller
        },
        cancel: () => this.#release(),
      },
      { highWaterMark: MOST_WAITING },
    )
  }

  async start(): Promise<void> {
    const { subscribe, heartbeatSeconds = 20, maxSeconds = 15 * 60 } = this.#options
    this.#timers.push(setInterval(() => this.#write(': alive\n\n'), heartbeatSeconds * 1000).unref())
    this.#timers.push(setTimeout(() => this.end(), maxSeconds * 1000).unref())
    try {
      const unsubscribe = await subscribe((event) => this.#emit(event))
      if (this.#ended) unsubscribe()
      else this.#unsubscribe = unsubscribe
    } catch (error) {
      this.end()
      throw error
    }
  }

  end(): void {
    if (this.#ended) return
    this.#release()
    this.#controller?.close()
  }

  #emit(event: StreamEvent): void {
    const id = event.final ? `id: ${FINAL_ID}\n` : ''
    // JSON.stringify leaves no line break, which would end the event.
    this.#write(`event: ${event.name}\n${id}data: ${JSON.stringify(event.data)}\n\n`)
    if (event.final) this.end()
  }

  #write(text: string): void {
    if (this.#ended || this.#controller === undefined) return
    if ((this.#controller.desiredSize ?? 0) <= 0) this.end()
    else this.#controller.enqueue(this.#encoder.encode(text))
  }

  #release(): void {
    if (this.#ended) return
    this.#ended = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#unsubscribe?.()
    this.#onEnd()
  }
}
