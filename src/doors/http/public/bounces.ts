// POST /bounces/message: a report as mail, from whatever hands it in (a pipe of the mail server, a script).
import type { ReceivedMessage } from '../../../flows/receive-message.ts'
import { requireBearer } from '../shell/bearer.ts'
import { LARGE_BODY, readBytes } from '../shell/body-bytes.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { problem } from '../shell/problem.ts'

/** Of a longer report only the first megabyte is read. */
const mostRead = 1024 * 1024

export type BounceDoor = {
  readonly tokens: readonly (string | null)[]
  readonly receive: (message: { raw: Uint8Array; recipient: string | null }) => Promise<ReceivedMessage>
}

export function bounceRoutes(door: BounceDoor): HttpRoutes {
  const routes = newRoutes()
  routes.use('/bounces/message', requireBearer(...door.tokens))
  routes.post('/bounces/message', async (c) => {
    const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
    if (type !== 'message/rfc822') {
      throw problem(415, 'unsupported-media-type', 'A report comes as Content-Type message/rfc822.')
    }
    const raw = await readBytes(c, { limit: LARGE_BODY, keep: mostRead })
    const { matched, category } = await door.receive({ raw, recipient: null })
    return c.json({ matched, category }, 202)
  })
  return routes
}
