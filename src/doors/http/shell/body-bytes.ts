// A request's body as bytes, with a limit on its size and on its time. With a socket Node's stream is read as it is:
// going through the web's streams costs six times the CPU of everything else in a small request.
import type { IncomingMessage } from 'node:http'
import { type HttpContext, incomingOf } from './http-env.ts'
import { type HttpProblem, problem } from './problem.ts'

export const SMALL_BODY = 64 * 1024
export const LARGE_BODY = 5 * 1024 * 1024
/** A visitor's form on a bad line is through in this time; who drips bytes to hold a socket is not. */
const SMALL_BODY_SECONDS = 10
const LARGE_BODY_SECONDS = 60

export type BodyLimits = {
  /** Bytes taken; more is 413. 64 KB unless given. */
  limit?: number
  /** Bytes of those that are kept; the rest is read and dropped. All unless given. */
  keep?: number
  /** Seconds until the last byte must be there, or 408. */
  within?: number
}

/** For what needs no body and takes any: it is read within the limits, and nothing is kept. */
export async function dropBody(c: HttpContext): Promise<void> {
  await readBytes(c, { keep: 0 })
}

export async function readBytes(c: HttpContext, limits: BodyLimits = {}): Promise<Buffer> {
  const limit = limits.limit ?? SMALL_BODY
  const seconds = limits.within ?? (limit > SMALL_BODY ? LARGE_BODY_SECONDS : SMALL_BODY_SECONDS)
  if (Number(c.req.header('content-length')) > limit) throw tooLarge(limit)
  const incoming = incomingOf(c)
  const body = new Collected(limit, limits.keep ?? limit)
  return incoming === undefined || !('on' in incoming)
    ? readWeb(c.req.raw, body, seconds)
    : readNode(incoming, body, seconds)
}

class Collected {
  readonly limit: number
  readonly #keep: number
  #chunks: Buffer[] = []
  #size = 0

  constructor(limit: number, keep: number) {
    this.limit = limit
    this.#keep = keep
  }

  /** False once the body is too large. */
  add(chunk: Buffer): boolean {
    const room = this.#keep - this.#size
    if (room > 0) this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk)
    this.#size += chunk.length
    return this.#size <= this.limit
  }

  bytes(): Buffer {
    const [only] = this.#chunks
    return only !== undefined && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks)
  }
}

function readNode(incoming: IncomingMessage, body: Collected, seconds: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (incoming.destroyed && !incoming.readableEnded) return reject(brokenOff())
    if (incoming.readableEnded) return reject(new Error('the body of this request was read before'))
    const timer = setTimeout(() => stop(tooSlow(seconds)), seconds * 1000)
    incoming.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)

    function onData(chunk: Buffer) {
      if (!body.add(chunk)) stop(tooLarge(body.limit))
    }
    function onEnd() {
      release()
      resolve(body.bytes())
    }
    function onGone() {
      stop(brokenOff())
    }
    function stop(wrong: HttpProblem) {
      release()
      incoming.pause()
      reject(wrong)
    }
    function release() {
      clearTimeout(timer)
      incoming.off('data', onData).off('end', onEnd).off('close', onGone)
      // 'error' keeps a listener: a connection that breaks later must not end the process.
    }
  })
}

async function readWeb(request: Request, body: Collected, seconds: number): Promise<Buffer> {
  if (request.body === null) return Buffer.alloc(0)
  const reader = request.body.getReader()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(seconds)), seconds * 1000)
  })
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late])
      if (done) return body.bytes()
      if (!body.add(Buffer.from(value))) throw tooLarge(body.limit)
    }
  } finally {
    clearTimeout(timer)
    reader.cancel().catch(() => undefined)
  }
}

function tooLarge(limit: number): HttpProblem {
  const allowed = limit >= 1024 * 1024 ? `${limit / 1024 / 1024} MB` : `${limit / 1024} KB`
  return problem(413, 'too-large', `The body is larger than ${allowed}.`)
}

function tooSlow(seconds: number): HttpProblem {
  return problem(408, 'too-slow', `The body was not complete after ${seconds} seconds.`, {
    headers: { Connection: 'close' },
  })
}

// Nobody reads this answer; it only keeps a broken connection from being counted as a fault of ours.
function brokenOff(): HttpProblem {
  return problem(400, 'bad-request', 'The connection closed before the body was complete.')
}
