// The door for bounces that lie in a mailbox: it waits for word of new messages, reads them, and moves them away once
// the database has them. It lives through whatever server, network and database do.
import { setTimeout } from 'node:timers/promises'
import type { ImapConfig } from '../config.ts'
import { receiveMessage } from '../flows/receive-message.ts'
import type { Service } from '../flows/service.ts'
import { emptyMailbox, type Looked } from './imap/empty-mailbox.ts'
import { type Folders, makeFolders } from './imap/folders.ts'
import { openMemory } from './imap/memory.ts'
import { openSession, type Session, usualWaits, type Waits } from './imap/session.ts'
import { ImapTrouble, openTroubleWatch, type Pauses, usualPauses, whyOf } from './imap/trouble.ts'

export type { Looked } from './imap/empty-mailbox.ts'

/** Work that one process at a time does; `lost` says that this may not be so any more. */
export type Alone = <T>(
  name: string,
  work: (lost: AbortSignal) => Promise<T>,
) => Promise<{ readonly kind: 'busy' } | { readonly kind: 'done'; readonly value: T }>

export type ImapDoor = {
  start(): void
  /** Waits for the turn in progress; what it cannot finish in a few seconds is read again next time. */
  stop(): Promise<void>
  /** One turn with a connection of its own; null while another process has the mailbox in hand. */
  once(): Promise<Looked | null>
}

type Deps = {
  readonly place: ImapConfig
  readonly service: Service
  readonly alone: Alone
  readonly isDatabaseAway: (error: unknown) => boolean
  readonly waits?: Partial<Waits>
  readonly pauses?: Partial<Pauses>
}

/** What is left of a stop is for the farewell and for what was opened before this door. */
const turnMayTakeMs = 4_000

export function openImapDoor(deps: Deps): ImapDoor {
  const { place, service, isDatabaseAway } = deps
  const { log, metrics } = service
  const waits = { ...usualWaits, ...deps.waits }
  const pauses = { ...usualPauses, ...deps.pauses }
  const server = `${place.host.includes(':') ? `[${place.host}]` : place.host}:${place.port}`
  // The same for all processes that read this mailbox, however they call its server: the user and the folder.
  const name = `ayes imap ${JSON.stringify([place.user, place.folder])}`
  const trouble = openTroubleWatch({ log, metrics, server, pauses })
  const memory = openMemory(() => performance.now())
  const stopping = new AbortController()
  const { signal } = stopping
  let session: Session | null = null
  let loop: Promise<void> = Promise.resolve()

  const receive = (raw: Uint8Array) => receiveMessage(service, { door: 'imap', raw, recipient: null })

  async function turn({ client, refresh }: Session, folders: Folders): Promise<Looked | null> {
    const work = async (lost: AbortSignal): Promise<Looked> => {
      await refresh()
      const either = AbortSignal.any([signal, lost])
      const looked = await emptyMailbox(client, folders, {
        memory,
        log,
        signal: either,
        receive,
        isDatabaseAway,
      })
      if (lost.aborted && !signal.aborted) throw new ImapTrouble('database-away')
      return looked
    }
    // What the work throws is about the mailbox, whatever else is about the lock: their codes look alike.
    const done = await deps
      .alone(name, (lost) => work(lost).then(asValue, asFailure))
      .catch((error: unknown) => {
        throw new ImapTrouble('database-away', error)
      })
    if (done.kind === 'busy') return null
    if (done.value.kind === 'failure') throw done.value.error
    const { handled, unmatched } = done.value.looked
    if (handled + unmatched > 0) log.info('imap-mailbox-read', { server, handled, unmatched })
    return done.value.looked
  }

  /** For as long as one connection lasts. */
  async function visit(): Promise<void> {
    session = await openSession(place, { waits, signal })
    try {
      const folders = await makeFolders(session.client)
      while (!signal.aborted) {
        try {
          const looked = await turn(session, folders)
          if (looked !== null) trouble.over()
          if (!signal.aborted) await session.news(looked === null, signal)
        } catch (error) {
          // The mailbox is well, and need not be left because the database is not.
          const isMine = whyOf(error) !== 'database-away' || !session.client.usable
          if (isMine || signal.aborted) throw error
          await pause(trouble.met(error))
        }
      }
    } finally {
      await session.close()
      session = null
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await visit()
      } catch (error) {
        if (!signal.aborted) await pause(trouble.met(error))
      }
    }
  }

  const pause = (ms: number) => setTimeout(ms, undefined, { signal }).catch(() => {})

  return {
    start() {
      loop = run()
    },
    async stop() {
      stopping.abort()
      const enough = new AbortController()
      const given = setTimeout(turnMayTakeMs, undefined, { signal: enough.signal })
      given.then(
        () => session?.client.close(),
        () => {},
      )
      await loop
      enough.abort()
    },
    async once() {
      const own = await openSession(place, { waits, signal })
      try {
        return await turn(own, await makeFolders(own.client))
      } finally {
        await own.close()
      }
    },
  }
}

type Ended = { kind: 'looked'; looked: Looked } | { kind: 'failure'; error: unknown }

const asValue = (looked: Looked): Ended => ({ kind: 'looked', looked })
const asFailure = (error: unknown): Ended => ({ kind: 'failure', error })
