// LISTEN on a connection of its own that comes back by itself. A notice says «look again», nothing more: whoever
// listens reads the truth from the tables, and polls as well, so a lost notice costs seconds and not a letter.
import pg from 'pg'
import type { LogFields } from '../log.ts'

/**
 * `due`: letters are due. `letter`: the letter with this id, or the signup's letters, changed. `domains`: this domain
 * is proven to be real.
 */
export type Channel = 'ayes_due' | 'ayes_letter' | 'ayes_domains'

const channels: readonly Channel[] = ['ayes_due', 'ayes_letter', 'ayes_domains']

export type Notices = {
  /** Calls `heard` for each notice until the returned function is called. */
  listen(channel: Channel, heard: (payload: string) => void): () => void
  close(): Promise<void>
}

const longestPauseMs = 5_000

export function openNotices(
  connection: pg.ClientConfig,
  log: (event: string, fields?: LogFields) => void,
): Notices {
  const heard = new Map<string, Set<(payload: string) => void>>(
    channels.map((channel) => [channel, new Set()]),
  )
  let client: pg.Client | null = null
  let connecting: Promise<void> | null = null
  let closed = false
  let failures = 0
  let again: NodeJS.Timeout | null = null

  async function connect(): Promise<void> {
    const fresh = new pg.Client(connection)
    fresh.on('error', () => lost(fresh))
    fresh.on('end', () => lost(fresh))
    fresh.on('notification', ({ channel, payload }) => {
      for (const listener of heard.get(channel) ?? []) listener(payload ?? '')
    })
    try {
      await fresh.connect()
      await fresh.query(channels.map((channel) => `listen ${channel}`).join('; '))
      client = fresh
      failures = 0
      // What was said while nobody listened is gone: have everyone look once.
      for (const listeners of heard.values()) for (const listener of listeners) listener('')
    } catch (error) {
      if (failures === 0)
        log('database-notices-lost', { error: error instanceof Error ? error.message : 'unknown' })
      void fresh.end().catch(() => {})
      lost(fresh)
    }
  }

  function lost(which: pg.Client): void {
    if (closed || again !== null || (client !== null && client !== which)) return
    client = null
    failures++
    again = setTimeout(start, Math.min(100 * 2 ** failures, longestPauseMs))
    again.unref()
  }

  function start(): void {
    again = null
    if (!closed) connecting = connect()
  }

  return {
    listen(channel, listener) {
      if (client === null && connecting === null) start()
      heard.get(channel)?.add(listener)
      return () => {
        heard.get(channel)?.delete(listener)
      }
    },
    async close() {
      closed = true
      if (again !== null) clearTimeout(again)
      await connecting
      await client?.end().catch(() => {})
    },
  }
}
