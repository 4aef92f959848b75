// Where the text of an event stream goes. With a socket straight into Node's response: a web stream between them costs
// more memory than all the rest of an open stream. Without one into a body.
import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { HttpContext, HttpEnv } from './http-env.ts'

/** What may wait for a reader that takes nothing. */
const mostBytesWaiting = 16 * 1024

export type EventSink = {
  /** Once, before anything else: the answer, with its first text. */
  begin(text: string): Response
  /** False: whoever reads takes nothing, and what waits is enough. */
  write(text: string): boolean
  end(): void
}

/** `onGone` is called when the reader has gone away, or has been answered to the end. */
export function openEventSink(
  c: HttpContext,
  headers: Record<string, string>,
  onGone: () => void,
): EventSink {
  const bindings: HttpEnv['Bindings'] | undefined = c.env
  const outgoing = bindings?.outgoing
  if (outgoing === undefined) return bodySink(c, headers, onGone)
  // what the shell has set for every answer is among them
  return socketSink(outgoing, Object.fromEntries(c.body(null, 200, headers).headers), onGone)
}

function socketSink(
  outgoing: ServerResponse,
  headers: Record<string, string>,
  onGone: () => void,
): EventSink {
  outgoing.once('close', onGone)
  return {
    begin(text) {
      outgoing.writeHead(200, headers)
      outgoing.flushHeaders()
      if (text !== '') outgoing.write(text)
      return RESPONSE_ALREADY_SENT
    },
    write(text) {
      if (outgoing.writableLength + text.length > mostBytesWaiting) {
        // An end would wait behind what the reader does not take.
        outgoing.destroy()
        return false
      }
      outgoing.write(text)
      return true
    },
    end() {
      if (!outgoing.destroyed) outgoing.end()
    },
  }
}

function bodySink(c: HttpContext, headers: Record<string, string>, onGone: () => void): EventSink {
  const encoder = new TextEncoder()
  const size = new ByteLengthQueuingStrategy({ highWaterMark: mostBytesWaiting })
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined
  const readable = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (given) => {
        controller = given
      },
      cancel: onGone,
    },
    size,
  )
  const write = (text: string) => {
    const bytes = encoder.encode(text)
    if ((controller?.desiredSize ?? 0) < bytes.length) return false
    controller?.enqueue(bytes)
    return true
  }
  return {
    begin(text) {
      if (text !== '') write(text)
      return c.body(readable, 200, headers)
    },
    write,
    end: () => controller?.close(),
  }
}
