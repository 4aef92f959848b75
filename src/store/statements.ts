// Kysely has no named statements, and parsing and planning anew costs a third of the throughput. This wraps a
// pool's clients so that every statement with parameters is prepared under a name once per connection.
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'

/** Statements with lists of varying length would fill the server's memory; past this they go unnamed. */
const mostNames = 400
const names = new Map<string, string>()

/** Longer than the server lets any statement run: past it the line is dead, and TCP would find out in minutes. */
const silence = { query_timeout: 15_000 }

/**
 * Begins a statement over many rows that is planned each time. A plan kept from a time when there was hardly anything
 * reads whole tables, for each row, until the server's statistics catch up: a minute in which half an hour's work waits.
 */
export const plannedAnew = '-- planned anew\n'

function nameOf(text: string): string | undefined {
  if (text.startsWith(plannedAnew)) return undefined
  let name = names.get(text)
  if (name === undefined && names.size < mostNames) {
    name = `s${names.size + 1}`
    names.set(text, name)
  }
  return name
}

/** Runs one statement, prepared under a name. */
async function runNamed<R extends pg.QueryResultRow>(
  client: pg.ClientBase | pg.Pool,
  text: string,
  values: readonly unknown[],
): Promise<pg.QueryResult<R>> {
  const name = nameOf(text)
  const query = { text, values: [...values], ...silence }
  return client.query<R>(name === undefined ? query : { ...query, name })
}

function wrap(client: pg.PoolClient): PostgresPoolClient {
  let isDead = false
  let isPatient = false
  async function query(text: unknown, values?: readonly unknown[]): Promise<unknown> {
    if (typeof text !== 'string') throw new Error('cursors are not used here: COPY streams what is long')
    // who asks the server for more time gets it here too
    isPatient ||= text.includes('statement_timeout')
    try {
      if (isPatient) return await client.query(text, values === undefined ? [] : [...values])
      return await (values === undefined || values.length === 0
        ? client.query({ text, ...silence })
        : runNamed(client, text, values))
    } catch (error) {
      // The answer may still come and would be taken for the next query's.
      isDead ||= error instanceof Error && error.message === 'Query read timeout'
      throw error
    }
  }
  return {
    // Kysely's type has an overload for cursors, which we refuse above.
    query: query as PostgresPoolClient['query'],
    release(destroy) {
      isPatient = false
      client.release(destroy === true || isDead)
    },
  }
}

export function namedStatements(pool: pg.Pool): PostgresPool {
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: {},
    async connect() {
      const client = await pool.connect()
      let wrapper = wrapped.get(client)
      if (wrapper === undefined) {
        wrapper = wrap(client)
        wrapped.set(client, wrapper)
      }
      return wrapper
    },
    end: () => pool.end(),
  }
}
