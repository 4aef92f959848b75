// Clients that go on after they were told that it was too much, as SIGNUPS_PER_CLIENT tells them. In memory only.
import { isOutside } from './network-of.ts'

/** Keys as the limit counts by them; the /48 of an IPv6 client stands for many. */
type Client = {
  readonly address: string | null
  readonly key: string | null
  readonly wideKey: string | null
}

export type InsistentClients = {
  /** The limit, which holds until then, has refused a signup. */
  refused(client: Client, until: Date): void
  has(client: Client): boolean
  /** Until when the limit holds, as far as this process knows; null where it does not. */
  limitedUntil(client: Client): Date | null
}

const mostRefusals = 20
const wider = 5
const countedMs = 10 * 60_000
const rememberedMs = 60 * 60_000
const mostKeys = 20_000

type Seen = { since: number; refusals: number; insistentUntil: number; limitedUntil: number }

/** Addresses of this machine and of private networks stand for a proxy or a test: they tell nobody from anybody. */
export function openInsistentClients(now: () => Date): InsistentClients {
  const seen = new Map<string, Seen>()

  function note(key: string, { most, limitedUntil }: { most: number; limitedUntil: number }): void {
    const time = now().getTime()
    const before = seen.get(key)
    const isFresh = before === undefined || time - before.since >= countedMs
    const refusals = isFresh ? 1 : before.refusals + 1
    const insistentUntil = refusals >= most ? time + rememberedMs : (before?.insistentUntil ?? 0)
    seen.delete(key)
    seen.set(key, { since: isFresh ? time : before.since, refusals, insistentUntil, limitedUntil })
    while (seen.size > mostKeys) seen.delete(seen.keys().next().value ?? '')
  }

  const keysOf = ({ address, key, wideKey }: Client) =>
    address !== null && isOutside(address) ? [key, wideKey].filter((one) => one !== null) : []

  return {
    refused(client, until) {
      for (const [n, key] of keysOf(client).entries()) {
        note(key, { most: n === 0 ? mostRefusals : mostRefusals * wider, limitedUntil: until.getTime() })
      }
    },
    has: (client) => {
      if (seen.size === 0) return false
      const time = now().getTime()
      return keysOf(client).some((key) => (seen.get(key)?.insistentUntil ?? 0) > time)
    },
    limitedUntil({ key }) {
      const until = key === null ? 0 : (seen.get(key)?.limitedUntil ?? 0)
      return until > now().getTime() ? new Date(until) : null
    },
  }
}
