// The body of an export. With a socket its blocks go straight into Node's response and are written again when they are
// out: through a web stream each of them would be garbage, 250 MB of it for a million rows.
import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { blocksInTurn, type ExportOutcome } from '../../../flows/export-stream.ts'
import type { HttpContext, HttpEnv } from '../shell/http-env.ts'

type Rows = Extract<ExportOutcome, { kind: 'rows' }>

export function sendRows(c: HttpContext, rows: Rows, headers: Record<string, string>): Response {
  const bindings: HttpEnv['Bindings'] | undefined = c.env
  const outgoing = bindings?.outgoing
  if (outgoing === undefined) return c.body(copied(rows), 200, headers)
  // what the shell has set for every answer is among them
  const all = c.body(null, 200, headers).headers
  outgoing.writeHead(200, Object.fromEntries(all))
  void write(outgoing, rows)
  return RESPONSE_ALREADY_SENT
}

/** Blocks on their way at once: the one that is filled meanwhile, and one more, are not among them. */
const mostOnTheWay = blocksInTurn - 2

async function write(outgoing: ServerResponse, rows: Rows): Promise<void> {
  const onClose = () => void rows.stop()
  const onTheWay: Promise<void>[] = []
  outgoing.once('close', onClose)
  try {
    for (let next = await rows.blocks.next(); next.done !== true; next = await rows.blocks.next()) {
      const written = writeBlock(outgoing, next.value)
      // It is waited for later; that it fails meanwhile is seen then.
      written.catch(() => {})
      onTheWay.push(written)
      if (onTheWay.length >= mostOnTheWay) await onTheWay.shift()
    }
    await Promise.all(onTheWay)
    outgoing.off('close', onClose)
    outgoing.end()
  } catch {
    // An ordinary end of the connection is a whole answer to a proxy that speaks HTTP/1.0: it is reset.
    outgoing.socket?.resetAndDestroy()
    await rows.stop()
  }
}

function writeBlock(outgoing: ServerResponse, block: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    if (outgoing.destroyed) return reject(new Error('the reader has gone away'))
    outgoing.once('close', onClose)
    function onClose() {
      reject(new Error('the reader has gone away'))
    }
    outgoing.write(block, (error) => {
      outgoing.off('close', onClose)
      if (error == null) resolve()
      else reject(error)
    })
  })
}

function copied(rows: Rows): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await rows.blocks.next()
        if (next.done === true) controller.close()
        else controller.enqueue(next.value.slice())
      },
      cancel: () => rows.stop(),
    },
    { highWaterMark: 0 },
  )
}
