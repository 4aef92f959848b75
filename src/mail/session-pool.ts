import type { RelaySession } from './relay-session.ts'

// Many relays end a connection after a hundred letters, and nodemailer's own pool does the same.
const lettersPerSession = 100

type Idle = { session: RelaySession; timer: NodeJS.Timeout }

/** At most `size` connections to the relay. They are kept for the next letter and closed when none comes. */
export class SessionPool {
  readonly #open: () => Promise<RelaySession>
  readonly #size: number
  readonly #idleFor: number
  readonly #idle: Idle[] = []
  readonly #waiting: (() => void)[] = []
  readonly #farewells = new Set<Promise<void>>()
  #busy = 0
  #closed = false

  constructor(options: { open: () => Promise<RelaySession>; size: number; idleFor: number }) {
    this.#open = options.open
    this.#size = options.size
    this.#idleFor = options.idleFor
  }

  /** Waits for a place, which is the caller's until `release`. */
  async acquire(): Promise<void> {
    if (this.#busy < this.#size) this.#busy++
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  release(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#busy--
    else next()
  }

  /** A connection for a place: one that is kept, or a new one. Rejects where the relay cannot be reached. */
  async take(): Promise<RelaySession> {
    for (let kept = this.#idle.pop(); kept !== undefined; kept = this.#idle.pop()) {
      clearTimeout(kept.timer)
      if (kept.session.alive) return kept.session
      await kept.session.quit()
    }
    return this.#open()
  }

  /** A new connection in the place of one that turned out to be dead. */
  async replace(dead: RelaySession): Promise<RelaySession> {
    await dead.quit()
    return this.#open()
  }

  /** Keeps the connection for the next letter if it can carry one, else closes it. */
  async giveBack(session: RelaySession): Promise<void> {
    if (this.#closed || !session.alive || session.delivered >= lettersPerSession) return session.quit()
    const kept = { session, timer: setTimeout(() => this.#dismiss(kept), this.#idleFor) }
    this.#idle.push(kept)
  }

  /** Closes what is idle; what is busy is closed when it is given back. */
  async close(): Promise<void> {
    this.#closed = true
    for (const kept of [...this.#idle]) this.#dismiss(kept)
    await Promise.all(this.#farewells)
  }

  #dismiss(kept: Idle): void {
    clearTimeout(kept.timer)
    const at = this.#idle.indexOf(kept)
    if (at !== -1) this.#idle.splice(at, 1)
    const farewell = kept.session.quit().finally(() => this.#farewells.delete(farewell))
    this.#farewells.add(farewell)
  }
}
