// What a provider tells about letters, proven to be its own: each event goes the way of every other report. The same
// delivery again changes nothing, in whatever order and batch its events come.
import { createHash } from 'node:crypto'
import type { Provider } from '../core/bounce/door.ts'
import type { ProviderEvent } from '../core/bounce/providers/provider-event.ts'
import { readProviderEvents } from '../core/bounce/providers/read-event.ts'
import { areReportsKnown, takeToken, wasTaken } from '../store/webhook-tokens.ts'
import { receiveReport } from './receive-message.ts'
import type { Service } from './service.ts'

export type Delivered = {
  readonly provider: Provider
  /** JSON that was parsed. */
  readonly payload: unknown
  /** Signed longer ago than the provider goes on trying: taken only where it tells nothing new. */
  readonly isStale: boolean
  /** Of a signature that covers no more than a token: it is good for this content and no other. */
  readonly once: { readonly token: string; readonly content: string } | null
}

export type TakenEvents =
  | { kind: 'taken'; received: number; matched: number }
  | { kind: 'stale' }
  | { kind: 'replayed' }

type Deps = Parameters<typeof receiveReport>[0]

type Told = { readonly event: ProviderEvent; readonly fingerprint: Buffer; readonly part: unknown }

/** Events of one delivery that are written side by side. */
const lanes = 4

export async function receiveEvents(deps: Deps, delivered: Delivered): Promise<TakenEvents> {
  const { provider, once } = delivered
  const told = eventsIn(provider, delivered.payload)
  if (once !== null) {
    const seen = { token: hash(provider, once.token), content: hash(provider, once.content) }
    if (delivered.isStale) {
      if (!(await wasTaken(deps.db, seen))) return { kind: 'stale' }
    } else if (!(await takeToken(deps.db, seen, deps.now()))) return { kind: 'replayed' }
  } else if (delivered.isStale && !(await isNothingNew(deps, told))) return { kind: 'stale' }
  return { kind: 'taken', received: told.length, matched: await receiveAll(deps, provider, told) }
}

/** A batch is read part by part, so that a report is kept with what told of it and no more. */
function eventsIn(provider: Provider, payload: unknown): Told[] {
  const parts: readonly unknown[] = Array.isArray(payload) ? payload : [payload]
  const told = new Map<string, Told>()
  for (const part of parts) {
    for (const event of readProviderEvents(provider, part)) {
      const fingerprint = hash(provider, event.id)
      const name = fingerprint.toString('hex')
      if (!told.has(name)) told.set(name, { event, fingerprint, part })
    }
  }
  return [...told.values()]
}

async function isNothingNew(deps: Pick<Service, 'db'>, told: readonly Told[]): Promise<boolean> {
  return (
    told.length > 0 &&
    areReportsKnown(
      deps.db,
      told.map(({ fingerprint }) => fingerprint),
    )
  )
}

/** What failed is thrown once every lane has ended: nothing goes on behind an answer that says "again". */
async function receiveAll(deps: Deps, provider: Provider, told: readonly Told[]): Promise<number> {
  const waiting = told.values()
  let matched = 0
  const lane = async () => {
    for (const { event, fingerprint, part } of waiting) {
      const { report, named } = event
      const raw = Buffer.from(JSON.stringify(part))
      const received = await receiveReport(deps, { door: provider, fingerprint, named, report, raw })
      if (received.matched) matched += 1
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return matched
}

function hash(provider: Provider, text: string): Buffer {
  return createHash('sha256').update(provider).update('\0').update(text).digest()
}
