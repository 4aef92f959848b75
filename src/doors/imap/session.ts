// One connection to the mailbox, with its folder open and word of new messages.
import { ImapFlow } from 'imapflow'
import type { ImapConfig } from '../../config.ts'
import { ImapTrouble } from './trouble.ts'

/** Milliseconds. */
export type Waits = {
  /** Between two looks where the server tells by itself (IDLE), which also shows that the connection is alive. */
  idle: number
  /** Between two looks where it does not. */
  poll: number
  /** While another process has the mailbox in hand. */
  busy: number
  /** For any answer, and for the farewell. */
  silence: number
  farewell: number
}

export const usualWaits: Waits = {
  idle: 110_000,
  poll: 60_000,
  busy: 5_000,
  silence: 120_000,
  farewell: 1_000,
}

export type Session = {
  readonly client: ImapFlow
  /** Afterwards the server's answers tell of everything that has come. */
  refresh(): Promise<void>
  /** Resolves when there may be something to read; throws when the connection is gone. */
  news(isBusy: boolean, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

// One message of at most a megabyte at a time; the numbers of a million messages fit a line.
const mostInOneLiteral = 4 * 1024 * 1024
const mostInOneLine = 16 * 1024 * 1024
/** A server that ends IDLE sooner than this is asked instead. */
const shortestIdle = 5_000

export async function openSession(
  place: ImapConfig,
  { waits, signal }: { waits: Waits; signal: AbortSignal },
): Promise<Session> {
  const client = new ImapFlow({
    host: place.host,
    port: place.port,
    secure: place.secure,
    // Nobody stands between us and this machine: there, TLS is neither needed nor in need of a true certificate.
    ...(place.secure || place.isLocal ? {} : { doSTARTTLS: true }),
    ...(place.isLocal && !place.secure ? { tls: { rejectUnauthorized: false } } : {}),
    auth: { user: place.user, pass: place.password },
    clientInfo: { name: 'Ayes' },
    logger: false,
    disableAutoIdle: true,
    disableAutoEnable: true,
    disableCompression: true,
    disableIMAP4rev2: true,
    connectionTimeout: Math.min(30_000, waits.silence),
    socketTimeout: waits.silence,
    maxLiteralSize: mostInOneLiteral,
    maxLineLength: mostInOneLine,
    maxResponseSize: 2 * mostInOneLine,
  })
  // Who waits for an answer hears of it; this one only keeps the process alive.
  client.on('error', () => {})
  const give = () => client.close()
  signal.addEventListener('abort', give, { once: true })
  try {
    await client.connect()
    const mailbox = await client.mailboxOpen([...place.folder])
    if (mailbox.readOnly === true) throw new ImapTrouble('folder-is-read-only')
  } catch (error) {
    client.close()
    throw error
  } finally {
    signal.removeEventListener('abort', give)
  }
  return watch(client, waits)
}

function watch(client: ImapFlow, waits: Waits): Session {
  let hasNews = false
  let isGone = false
  let canIdle = client.capabilities.has('IDLE')
  let wake = () => {}
  client.on('exists', ({ count, prevCount }) => {
    if (count <= prevCount) return
    hasNews = true
    wake()
  })
  client.on('close', () => {
    isGone = true
    wake()
  })

  /** False where the server does not keep IDLE up: it is asked from time to time then. */
  async function isIdleKept(): Promise<boolean> {
    const began = performance.now()
    const answer = await client.idle().catch(() => {})
    return answer !== false && performance.now() - began >= shortestIdle
  }

  return {
    client,
    async refresh() {
      await client.noop()
      hasNews = false
    },
    async news(isBusy, signal) {
      if (isBusy || !hasNews) await untilWoken(isBusy, signal)
      if (isGone && !signal.aborted) throw new ImapTrouble('connection-lost')
    },
    async close() {
      const timer = setTimeout(() => client.close(), waits.farewell)
      await client.logout().catch(() => {})
      clearTimeout(timer)
      client.close()
    },
  }
  async function untilWoken(isBusy: boolean, signal: AbortSignal): Promise<void> {
    if (isGone || signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const wait = (ms: number) => setTimeout(resolve, ms)
    let isWaiting = true
    let timer = wait(isBusy ? waits.busy : canIdle ? waits.idle : waits.poll)
    wake = resolve
    signal.addEventListener('abort', wake, { once: true })
    if (canIdle && !isBusy) {
      void isIdleKept().then((isKept) => {
        if (!isWaiting) return
        canIdle = isKept
        clearTimeout(timer)
        timer = wait(isKept ? 0 : waits.poll)
      })
    }
    await promise
    isWaiting = false
    clearTimeout(timer)
    signal.removeEventListener('abort', wake)
    wake = () => {}
  }
}
