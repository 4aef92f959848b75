// One connection for a whole dump or restore, on which COPY and Kysely take turns.
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Db } from '../open-database.ts'
import type { Schema } from '../schema.ts'

export type Session = { readonly client: pg.Client; readonly db: Db }

/** Ends the connection whatever happens; with it goes what was not committed. `signal` breaks the work off. */
export async function inSession<T>(
  connection: pg.ClientConfig,
  signal: AbortSignal | null,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const client = new pg.Client(connection)
  // Without a listener a lost connection would end the process; the statement under way is told as well.
  client.on('error', () => {})
  const breakOff = () => void client.end().catch(() => {})
  try {
    await client.connect()
    signal?.addEventListener('abort', breakOff)
    signal?.throwIfAborted()
    await client.query(settings)
    return await work({ client, db: kyselyOn(client) })
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error
  } finally {
    signal?.removeEventListener('abort', breakOff)
    await client.end().catch(() => {})
  }
}

// COPY's text depends on these: it must read the same in any server, whatever its own settings.
const settings = [
  `set statement_timeout = 0`,
  `set idle_in_transaction_session_timeout = 0`,
  `set client_encoding = 'UTF8'`,
  `set datestyle = 'ISO, YMD'`,
  `set timezone = 'UTC'`,
  `set intervalstyle = 'postgres'`,
  `set extra_float_digits = 1`,
  `set bytea_output = 'hex'`,
].join('; ')

function kyselyOn(client: pg.Client): Db {
  async function query(text: unknown, values?: readonly unknown[]): Promise<unknown> {
    if (typeof text !== 'string') throw new Error('cursors are not used here')
    return client.query(text, values === undefined ? undefined : [...values])
  }
  const connection = { query, release: () => {} }
  return new Kysely<Schema>({
    // Kysely's type of a client has an overload for cursors, which is refused above.
    dialect: new PostgresDialect({
      pool: { options: {}, connect: async () => connection as never, end: async () => {} },
    }),
  })
}
