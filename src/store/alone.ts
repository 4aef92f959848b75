// Work that one process at a time does, whatever other processes share the database: an advisory lock on a connection
// of its own, outside the pool, so that the lock goes with the connection and never with a pooled one.
import pg from 'pg'

/** `lost` tells the work that the lock may be gone: the connection that held it is. */
export type Alone = <T>(
  name: string,
  work: (lost: AbortSignal) => Promise<T>,
) => Promise<{ readonly kind: 'busy' } | { readonly kind: 'done'; readonly value: T }>

const longestAnswerMs = 12_000
const longestEndMs = 1_000

export function openAlone(connection: pg.ClientConfig): Alone {
  return async (name, work) => {
    const client = new pg.Client({ ...connection, query_timeout: longestAnswerMs })
    const lost = new AbortController()
    client.on('error', () => lost.abort())
    client.on('end', () => lost.abort())
    try {
      await client.connect()
      const { rows } = await client.query<{ got: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as got',
        [name],
      )
      if (rows[0]?.got !== true) return { kind: 'busy' }
      const value = await work(lost.signal)
      // Given back before the connection ends, so that whoever asks next is not told "busy" by a farewell under way.
      await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(() => {})
      return { kind: 'done', value }
    } finally {
      await ended(client)
    }
  }
}

function ended(client: pg.Client): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, longestEndMs)
  client
    .end()
    .catch(() => {})
    .finally(() => {
      clearTimeout(timer)
      resolve()
    })
  return promise
}
