import { RelaySession } from './relay-session.ts'
import {
  isOnThisMachine,
  nameOf,
  type RelayTarget,
  readRelayUrl,
  type Timeouts,
  usualTimeouts,
} from './relay-target.ts'
import type { RelayTls } from './relay-tls.ts'
import { describe } from './relay-words.ts'

export type RelayProbe = {
  /** host:port, never with its login */
  name: string
  host: string
  isOnThisMachine: boolean
  hasLogin: boolean
  found:
    | { kind: 'trouble'; why: string }
    | { kind: 'open'; tls: RelayTls | null; offers: string[]; sender: { taken: boolean; reply: string } }
}

/** As far as a letter would go, without one: connects, secures, logs in, names the sender and takes it back. */
export async function probeRelay(options: {
  url: string
  name: string
  sender: string
  timeouts?: Partial<Timeouts>
}): Promise<RelayProbe> {
  const target: RelayTarget = {
    ...readRelayUrl(options.url),
    name: options.name,
    timeouts: { ...usualTimeouts, ...options.timeouts },
  }
  const relay = {
    name: nameOf(target),
    host: target.host,
    isOnThisMachine: isOnThisMachine(target.host),
    hasLogin: target.login !== null,
  }
  try {
    const session = await RelaySession.open(target)
    const { tls, offers } = session
    const { answers, broken } = await session.tryMailFrom(options.sender)
    const reply = answers[0] ?? broken ?? 'no answer'
    if (session.alive) await session.reset()
    await session.quit()
    return { ...relay, found: { kind: 'open', tls, offers, sender: { taken: reply.startsWith('2'), reply } } }
  } catch (error) {
    return { ...relay, found: { kind: 'trouble', why: describe(error) } }
  }
}
