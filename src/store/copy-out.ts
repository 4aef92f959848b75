// COPY … TO STDOUT on a connection of its own, so that a reader who takes an hour keeps none from the pool. The rows
// and what is read beside them come from one snapshot.
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'

/** Each is a process of the server and a snapshot that holds back its vacuum. */
const mostAtOnce = 4
/** A reader that takes nothing for this long is gone. */
const stallMs = 2 * 60_000

export class TooManyExports extends Error {
  override readonly name = 'TooManyExports'
}

export type Snapshot = {
  /** Transactions before it have ended: what they wrote is in the snapshot, or nowhere. Decimal digits (xid8). */
  readonly xmin: string
  /** Transactions from it on had not begun. */
  readonly xmax: string
  /**
   * A chunk is good until the next is asked for. Whoever stops reading early, or reads no further, ends the connection
   * and with it the statement.
   */
  copy(statement: string): AsyncGenerator<Buffer, void, void>
  close(): Promise<void>
}

export type Copies = {
  /** Throws TooManyExports. */
  open(): Promise<Snapshot>
  /** Breaks off what is under way. */
  close(): Promise<void>
}

export function openCopies(connection: pg.ClientConfig): Copies {
  const running = new Set<pg.Client>()

  async function end(client: pg.Client): Promise<void> {
    if (!running.delete(client)) return
    // With a statement under way this destroys the socket, and the server ends the statement at its next write.
    await client.end().catch(() => {})
  }

  async function begin(client: pg.Client): Promise<{ xmin: string; xmax: string }> {
    await client.connect()
    await client.query('begin isolation level repeatable read, read only')
    await client.query('set local statement_timeout = 0')
    await client.query(`set local datestyle = 'ISO'; set local timezone = 'UTC'`)
    // compiling the statement costs more than it saves
    await client.query('set local jit = off')
    const { rows } = await client.query<{ xmin: string; xmax: string }>(
      `select pg_snapshot_xmin(s)::text as xmin, pg_snapshot_xmax(s)::text as xmax from pg_current_snapshot() as s`,
    )
    const [row] = rows
    if (row === undefined) throw new Error('the database told no snapshot')
    return row
  }

  return {
    async open() {
      if (running.size >= mostAtOnce) throw new TooManyExports('too many exports are running')
      const client = new pg.Client({ ...connection, application_name: 'ayes export' })
      running.add(client)
      // Without a listener a lost connection would end the process; whoever reads gets the error as well.
      client.on('error', () => {})
      try {
        const snapshot = await begin(client)
        return {
          ...snapshot,
          copy: (statement) => chunksOf(client, statement, () => end(client)),
          close: () => end(client),
        }
      } catch (error) {
        await end(client)
        throw error
      }
    },
    async close() {
      await Promise.all([...running].map(end))
    },
  }
}

async function* chunksOf(
  client: pg.Client,
  statement: string,
  end: () => Promise<void>,
): AsyncGenerator<Buffer, void, void> {
  let stall: NodeJS.Timeout | undefined
  try {
    for await (const chunk of client.query(copyTo(statement))) {
      stall = setTimeout(() => void end(), stallMs)
      yield chunk
      clearTimeout(stall)
      release(chunk)
    }
  } finally {
    clearTimeout(stall)
    await end()
  }
}

/** Given back at once: the collector does not hurry for memory that lies outside its heap. */
function release(chunk: unknown): void {
  if (!(chunk instanceof Buffer)) return
  const { buffer, byteLength } = chunk
  // a small chunk may lie in a pool that others use too
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
