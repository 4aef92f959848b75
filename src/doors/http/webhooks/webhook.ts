// What a provider's file gives to the one way that all webhooks come in by.
import { isUtf8 } from 'node:buffer'
import type { Provider } from '../../../core/bounce/door.ts'

export type WebhookRequest = {
  /** The value of a header, by its name in lower case. */
  readonly header: (name: string) => string | undefined
  /** What stands behind the provider's name in the path. */
  readonly segment: string | null
}

export type Delivery = WebhookRequest & { readonly body: Buffer; readonly now: Date }

export type Proof =
  | { kind: 'refused' }
  /** Who could vouch for it cannot be reached. */
  | { kind: 'unsure' }
  /** It was about the webhook itself, and nothing is left to do. */
  | { kind: 'settled' }
  | {
      kind: 'genuine'
      /** As `parseBody` gives it. */
      payload: unknown
      isStale: boolean
      /** Of a signature that covers no more than a token: what the token was good for. */
      once: { token: string; content: string } | null
    }

export type Webhook = {
  readonly provider: Provider
  /** Goes with a 401, as RFC 9110 asks for. */
  readonly challenge: string
  /** The secret may stand in the path. */
  readonly takesSegment?: true
} & (
  | {
      /** The request proves itself before its body is read. */
      readonly by: 'login'
      prove(request: WebhookRequest): boolean
    }
  | { readonly by: 'signature'; prove(delivery: Delivery): Proof | Promise<Proof> }
)

/** Far deeper than any event, and far from what a call stack holds. */
const deepest = 64

/** The body's JSON; undefined where it is none, or nested as no event is. */
export function parseBody(body: Buffer): unknown {
  if (!isUtf8(body) || depthOf(body) > deepest) return undefined
  try {
    return JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a clock of ours or theirs may be wrong by. */
const clockSeconds = 300

/** `keptTrying`: seconds for which the provider sends again what it signed at that time. */
export function isStale(signedAt: Date, now: Date, keptTrying = 0): boolean {
  const age = (now.getTime() - signedAt.getTime()) / 1000
  return !(age <= keptTrying + clockSeconds && age >= -clockSeconds)
}

/** Seconds since 1970, as providers write them; null for anything else. */
export function fromSeconds(text: string): Date | null {
  return /^\d{1,12}$/.test(text) ? new Date(Number(text) * 1000) : null
}

function depthOf(body: Buffer): number {
  let depth = 0
  let most = 0
  let inString = false
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]
    if (inString) {
      if (byte === 0x5c) at++
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === 0x7b || byte === 0x5b) most = Math.max(most, ++depth)
    else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return most
}
