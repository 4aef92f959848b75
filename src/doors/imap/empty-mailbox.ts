// One turn: every message of the mailbox is read, handed in, and moved away once the database has it. A message is
// never moved before that, so a turn may break off anywhere: the next one goes on.
import type { ImapFlow } from 'imapflow'
import type { Log } from '../../log.ts'
import type { Filed, Folders } from './folders.ts'
import type { Memory } from './memory.ts'
import { moveAway } from './move.ts'
import { ImapTrouble } from './trouble.ts'

export type Looked = { handled: number; unmatched: number }

type Deps = {
  readonly memory: Memory
  readonly log: Log
  /** Ends the turn after the message in hand. */
  readonly signal: AbortSignal
  readonly receive: (raw: Uint8Array) => Promise<{ readonly matched: boolean }>
  readonly isDatabaseAway: (error: unknown) => boolean
}

/** Of a longer message only this much is fetched (contract, section 6). */
const mostFetched = 1024 * 1024
/** So few that stopping waits for little; so many that a round trip to the server is shared. */
const batchSize = 20

export async function emptyMailbox(client: ImapFlow, folders: Folders, deps: Deps): Promise<Looked> {
  const { memory, signal } = deps
  const looked: Looked = { handled: 0, unmatched: 0 }
  const uids = await client.search({ deleted: false }, { uid: true })
  const { mailbox } = client
  if (!Array.isArray(uids) || mailbox === false) throw new ImapTrouble('server-refused')
  memory.keepOnly(mailbox.uidValidity, uids)
  const due = uids.filter((uid) => !memory.isLeft(uid))
  let isRefused = false
  let at = 0
  while (at < due.length && !signal.aborted) {
    const batch = due.slice(at, at + (memory.isCareful ? 1 : batchSize))
    at += batch.length
    const unread = batch.filter((uid) => !memory.outcomes.has(uid))
    try {
      if (unread.length > 0) await readMessages(client, unread, deps)
    } finally {
      for (const uid of unread) countIn(looked, memory.outcomes.get(uid)?.filed)
      if (client.usable && !(await moveAway(client, folders, { memory, uids: batch }))) isRefused = true
    }
    if (!client.usable) throw new ImapTrouble('connection-lost')
  }
  if (isRefused) throw new ImapTrouble('move-refused')
  if (!signal.aborted) memory.isCareful = false
  return looked
}

async function readMessages(client: ImapFlow, uids: readonly number[], deps: Deps): Promise<void> {
  const { memory, signal, log } = deps
  let away: unknown = null
  try {
    const query = { uid: true, source: { maxLength: mostFetched } }
    for await (const { uid, source } of client.fetch(uids.join(','), query, { uid: true })) {
      // Without a source it is word of flags that somebody changed meanwhile.
      if (away !== null || signal.aborted || !uids.includes(uid) || source === undefined) continue
      try {
        const { matched } = await deps.receive(source)
        memory.outcomes.set(uid, { filed: matched ? 'handled' : 'unmatched', isCopied: false })
      } catch (error) {
        if (deps.isDatabaseAway(error)) away = error
        else leave(uid, error)
      }
    }
  } catch (error) {
    const [uid = 0, ...others] = uids
    const isAlone = others.length === 0
    // The connection may end for reasons of its own: a message that was read alone twice is to blame.
    if (isAlone && (client.usable || memory.isCareful) && !signal.aborted) leave(uid, error)
    else memory.isCareful = true
    if (!client.usable) throw error
    // The server refused to show one of them: the others need not wait for that one.
    if (!isAlone) for (const one of uids) if (isDue(one)) await readMessages(client, [one], deps)
  }
  if (away !== null) throw new ImapTrouble('database-away', away)

  function isDue(uid: number): boolean {
    return away === null && !signal.aborted && !memory.outcomes.has(uid) && !memory.isLeft(uid)
  }

  function leave(uid: number, error: unknown): void {
    memory.failed(uid)
    log.error('imap-message-not-read', { uid, error })
  }
}

function countIn(looked: Looked, filed: Filed | undefined): void {
  if (filed !== undefined) looked[filed]++
}
