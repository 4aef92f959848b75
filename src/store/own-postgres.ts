// A real PostgreSQL server of our own in DATA_DIR, on a Unix socket: found, or made and started, and shared
// by every process that uses the same DATA_DIR. What it is made of is in own-postgres/.
import { constants } from 'node:fs'
import { access, mkdir, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { clusterIn } from './own-postgres/cluster.ts'
import { Membership } from './own-postgres/membership.ts'
import type { Log } from './own-postgres/place.ts'
import { messageOf, OwnPostgresRefusal } from './own-postgres/refusal.ts'
import { port, serviceDatabase, serviceRole } from './own-postgres/session.ts'

export { OwnPostgresRefusal }

/** Where the database of our own lies, or will. */
export const ownCluster = clusterIn

export type OwnPostgres = {
  /** For pg: `host` is the directory of the socket; port and ssl are set so that PG* variables do not count. */
  connection: { host: string; port: number; user: string; database: string; ssl: false }
  /** Last of all, when the process's own connections are closed: the last process out stops the server. */
  leave(): Promise<void>
}

export function joinOwnPostgres(options: { dataDir: string; log?: Log }): Promise<OwnPostgres> {
  return joinOwnPostgresWith(import.meta.dirname, options)
}

/** `binariesFrom`: the folder from which node_modules with the binaries is looked for upwards. */
export async function joinOwnPostgresWith(
  binariesFrom: string,
  options: { dataDir: string; log?: Log },
): Promise<OwnPostgres> {
  if (process.platform === 'win32') {
    throw new OwnPostgresRefusal(
      'On Windows, Node cannot reach a PostgreSQL server over a Unix socket: set DATABASE_URL to a PostgreSQL ' +
        'server (15 or later), or run Ayes in WSL or a container.',
    )
  }
  const dataDir = await openDataDir(options.dataDir)
  const membership = new Membership({ dataDir, binariesFrom, log: options.log ?? (() => {}) })
  const host = await membership.enter()
  let left: Promise<void> | null = null
  return {
    connection: { host, port, user: serviceRole, database: serviceDatabase, ssl: false },
    leave: () => {
      left ??= membership.leave()
      return left
    },
  }
}

async function openDataDir(given: string): Promise<string> {
  const wanted = resolve(given)
  try {
    await mkdir(dirname(wanted), { recursive: true })
    // A folder that is there already keeps the mode that its owner gave it.
    await mkdir(wanted, { recursive: true, mode: 0o700 })
    await access(wanted, constants.R_OK | constants.W_OK | constants.X_OK)
    return await realpath(wanted)
  } catch (error) {
    throw new OwnPostgresRefusal(
      `DATA_DIR ${wanted} cannot be used (${messageOf(error)}): give it to this user, or name another folder.`,
    )
  }
}
