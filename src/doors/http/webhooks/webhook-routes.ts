// POST /bounces/{provider}: the one way in for what mail providers tell. A provider that is not set up has no door.
import type { Provider } from '../../../core/bounce/door.ts'
import type { Delivered, TakenEvents } from '../../../flows/receive-events.ts'
import type { Log } from '../../../log.ts'
import { LARGE_BODY, readBytes } from '../shell/body-bytes.ts'
import { type HttpContext, type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { windowLimiter } from '../shell/limiter.ts'
import { type HttpProblem, problem } from '../shell/problem.ts'
import { type Proof, parseBody, type Webhook, type WebhookRequest } from './webhook.ts'

export type WebhookDoor = {
  readonly webhooks: readonly Webhook[]
  readonly now: () => Date
  readonly log: Pick<Log, 'warn'>
  readonly receive: (delivered: Delivered) => Promise<TakenEvents>
}

const againSeconds = 30
/** Of 5 MB each, at most, and a minute long. */
const mostUnproven = 20

export function webhookRoutes(door: WebhookDoor): HttpRoutes {
  const routes = newRoutes()
  // Whoever finds the address may knock: one line a minute is enough for an operator to see a wrong secret.
  const lines = windowLimiter({ count: 1, seconds: 60 })

  async function handle(c: HttpContext, webhook: Webhook): Promise<Response> {
    const { provider } = webhook
    const taken = await take(c, webhook)
    if (taken.kind === 'taken') {
      return c.json({ received: taken.received, matched: taken.matched }, 200)
    }
    if (lines.take([provider]).kind === 'granted') {
      door.log.warn('webhook-refused', { provider, why: taken.kind })
    }
    if (taken.kind === 'unsure') throw unsure()
    throw refused(webhook)
  }

  let unproven = 0

  /** A signature proves a body that is there already: so many of them are held at a time, and no more. */
  async function readUnproven(c: HttpContext, webhook: Webhook): Promise<Buffer> {
    if (webhook.by === 'login') return readBytes(c, { limit: LARGE_BODY })
    if (unproven >= mostUnproven) {
      throw problem(503, 'busy', 'Too many events are being read at this moment.', { retryAfter: 5 })
    }
    unproven++
    try {
      return await readBytes(c, { limit: LARGE_BODY })
    } finally {
      unproven--
    }
  }

  async function take(
    c: HttpContext,
    webhook: Webhook,
  ): Promise<TakenEvents | { kind: 'refused' | 'unsure' }> {
    const { provider } = webhook
    const request: WebhookRequest = {
      header: (name) => c.req.header(name),
      segment: c.req.param('secret') ?? null,
    }
    if (webhook.by === 'login' && !webhook.prove(request)) return { kind: 'refused' }
    const body = await readUnproven(c, webhook)
    const proof: Proof =
      webhook.by === 'login'
        ? { kind: 'genuine', payload: parseBody(body), isStale: false, once: null }
        : await webhook.prove({ ...request, body, now: door.now() })
    if (proof.kind === 'settled') return { kind: 'taken', received: 0, matched: 0 }
    if (proof.kind !== 'genuine') return proof
    const { payload, isStale, once } = proof
    if (payload === undefined) throw problem(400, 'bad-request', 'The body is not JSON of an event.')
    return door.receive({ provider, payload, isStale, once })
  }

  for (const webhook of door.webhooks) {
    routes.post(pathOf(webhook.provider), (c) => handle(c, webhook))
    if (webhook.takesSegment) routes.post(`${pathOf(webhook.provider)}/:secret`, (c) => handle(c, webhook))
  }
  return routes
}

function pathOf(provider: Provider): string {
  return `/bounces/${provider}`
}

/** The same for whatever was wrong: nobody learns how near a guess was. */
function refused({ challenge }: Webhook): HttpProblem {
  return problem(401, 'unauthorized', 'What proves where this comes from is missing, wrong or out of date.', {
    headers: { 'WWW-Authenticate': challenge },
  })
}

function unsure(): HttpProblem {
  const detail = 'What this was signed with cannot be looked at just now. Send it again shortly.'
  return problem(503, 'unavailable', detail, { retryAfter: againSeconds })
}
