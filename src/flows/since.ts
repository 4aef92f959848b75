// From where an export goes on: the cursor of the last one, or a time.
import { readCursor, writeCursor } from '../core/export/cursor.ts'
import { readMoment, withinYears } from '../core/export/read-moment.ts'
import type { Since } from '../store/copy-formats.ts'
import type { Snapshot } from '../store/copy-out.ts'

/**
 * A confirmation has the time at which its transaction began, or waited to begin, and is seen when it ends: a reader
 * who names a time is given what was confirmed a little before it too. Statements end after 30 s, and are tried again.
 */
const marginMs = 10 * 60 * 1000

type Asked = { readonly since: string | null; readonly listId: number; readonly epoch: string }

/** Null where `since` is neither a time nor a cursor of ours, or the cursor is another list's. */
export function readSince(asked: Asked): Since | null {
  const text = asked.since?.trim() ?? ''
  if (text === '') return { kind: 'everything' }
  const time = readMoment(text)
  if (time !== null) return { kind: 'time', at: withinYears(new Date(time.getTime() - marginMs)) }
  const cursor = readCursor(text)
  if (cursor === null) return null
  // Transaction ids of another database, or of this one before it was restored, say nothing here.
  if (cursor.epoch !== asked.epoch) return { kind: 'everything' }
  return cursor.listId === asked.listId ? { kind: 'transaction', xmin: cursor.xmin } : null
}

/** A cursor from the future of this database, which was set back to a backup, means everything. */
export function sinceIn(snapshot: Snapshot, since: Since): Since {
  const isAhead = since.kind === 'transaction' && BigInt(since.xmin) > BigInt(snapshot.xmax)
  return isAhead ? { kind: 'everything' } : since
}

/** What the next export names to get everything that this snapshot did not hold. */
export function nextCursor(snapshot: Snapshot, asked: Omit<Asked, 'since'>): string {
  return writeCursor({ epoch: asked.epoch, listId: asked.listId, xmin: snapshot.xmin })
}
