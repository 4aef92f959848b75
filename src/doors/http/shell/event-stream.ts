// Server-sent events (HTML standard, 9.2) with an end: final event, time limit, the reader's leaving or our stop.
import { type EventSink, openEventSink } from './event-sink.ts'
import { type Heartbeat, openHeartbeat } from './heartbeat.ts'
import type { HttpContext } from './http-env.ts'
import { mostOpenFiles } from './open-files.ts'
import { problem } from './problem.ts'

/** Carried by a final event. An EventSource comes back with it by itself and is told by 204 to stop. */
const FINAL_ID = 'final'
const RETRY_AFTER = 30
const MOST = 5000
/** So much more for a site (/48) than for one network of it (/64), as everywhere. */
const WIDER = 5

export type StreamEvent = { name: string; data: unknown; final?: boolean }
export type Emit = (event: StreamEvent) => void
/** Called once; what it returns is called once when the stream ends, whatever ended it. */
export type Subscribe = (emit: Emit) => Unsubscribe | Promise<Unsubscribe>
export type Unsubscribe = () => void

export type StreamOptions = {
  subscribe: Subscribe
  /** Whose streams are counted together, as `clientKeys` gives them. */
  clients: readonly string[]
  maxSeconds?: number
}

export type EventStreams = {
  /** Throws a 503 or 429 problem where there are too many. */
  open(c: HttpContext, options: StreamOptions): Promise<Response>
  /** Ends every stream and lets none begin. */
  close(): void
  count(): number
}

export type StreamLimits = {
  most?: number
  perClient?: number
  heartbeatSeconds?: number
  /** Told how many are open whenever that changes. */
  observe?: (open: number) => void
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
}

export function eventStreams(limits: StreamLimits = {}): EventStreams {
  const { perClient = 20, heartbeatSeconds = 20, observe = () => undefined } = limits
  // Streams leave half of what the process may open to everything else: one too many, and nobody is answered at all.
  const most = limits.most ?? Math.min(MOST, Math.floor(mostOpenFiles() / 2))
  const running = new Set<OpenStream>()
  const clients = new Map<string, number>()
  const heartbeat = openHeartbeat(heartbeatSeconds)
  let closed = false

  function admit(keys: readonly string[]): void {
    if (closed || running.size >= most) {
      throw problem(503, 'busy', 'Too many event streams are open. Ask again later.', {
        retryAfter: RETRY_AFTER,
      })
    }
    if (keys.some((key, n) => (clients.get(key) ?? 0) >= perClient * (n === 0 ? 1 : WIDER))) {
      throw problem(429, 'too-many', 'You have too many event streams open.', { retryAfter: RETRY_AFTER })
    }
  }

  function count(keys: readonly string[], more: 1 | -1): void {
    for (const key of keys) {
      const open = (clients.get(key) ?? 0) + more
      if (open > 0) clients.set(key, open)
      else clients.delete(key)
    }
    observe(running.size)
  }

  return {
    async open(c, options) {
      if (c.req.header('last-event-id') === FINAL_ID) return c.body(null, 204)
      if (c.req.method === 'HEAD') return c.body(null, 200, HEADERS)
      const { clients: keys, subscribe, maxSeconds = 15 * 60 } = options
      admit(keys)
      const stream = new OpenStream(maxSeconds, () => {
        running.delete(stream)
        count(keys, -1)
      })
      running.add(stream)
      count(keys, 1)
      return stream.begin(openEventSink(c, HEADERS, stream.gone), { subscribe, heartbeat })
    },
    close() {
      closed = true
      for (const stream of [...running]) stream.end()
    },
    count: () => running.size,
  }
}

class OpenStream {
  readonly #onEnd: () => void
  readonly #endsAt: number
  #sink: EventSink | null = null
  /** What is said before the answer has begun. */
  #said = ''
  #leave: (() => void) | undefined
  #unsubscribe: Unsubscribe | undefined
  #isOver = false

  constructor(maxSeconds: number, onEnd: () => void) {
    this.#onEnd = onEnd
    this.#endsAt = performance.now() + maxSeconds * 1000
  }

  async begin(
    sink: EventSink,
    { subscribe, heartbeat }: { subscribe: Subscribe; heartbeat: Heartbeat },
  ): Promise<Response> {
    try {
      const unsubscribe = await subscribe((event) => this.#emit(event))
      if (this.#isOver) unsubscribe()
      else this.#unsubscribe = unsubscribe
    } catch (error) {
      this.gone()
      throw error
    }
    const response = sink.begin(this.#said)
    this.#said = ''
    if (this.#isOver) sink.end()
    else {
      this.#sink = sink
      this.#leave = heartbeat.join(() => this.#beat())
    }
    return response
  }

  end(): void {
    if (this.#isOver) return
    this.gone()
    this.#sink?.end()
  }

  readonly gone = (): void => {
    if (this.#isOver) return
    this.#isOver = true
    this.#leave?.()
    this.#unsubscribe?.()
    this.#onEnd()
  }

  #emit(event: StreamEvent): void {
    const id = event.final ? `id: ${FINAL_ID}\n` : ''
    // JSON.stringify leaves no line break, which would end the event.
    this.#write(`event: ${event.name}\n${id}data: ${JSON.stringify(event.data)}\n\n`)
    if (event.final) this.end()
  }

  #beat(): void {
    if (performance.now() >= this.#endsAt) this.end()
    else this.#write(': alive\n\n')
  }

  #write(text: string): void {
    if (this.#isOver) return
    if (this.#sink === null) this.#said += text
    else if (!this.#sink.write(text)) this.end()
  }
}
