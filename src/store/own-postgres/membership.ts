import { setTimeout as pause } from 'node:timers/promises'
import { findBinaries } from './binaries.ts'
import { clusterIn, createCluster, inspectCluster, removeLeftovers } from './cluster.ts'
import { findServer, isPassing } from './find-server.ts'
import type { Place } from './place.ts'
import { messageOf } from './refusal.ts'
import { chooseServerUser, refuseForeignCluster } from './server-user.ts'
import { ensureDatabase, holdServer, releaseServer, type Session } from './session.ts'
import { type Start, startServer } from './start-server.ts'
import { stopServer } from './stop-server.ts'

const lookAgain = 25
const memoryPatience = 10_000
// A server that recovers from a crash says so and may take its time; one that is silent does not get long.
const silencePatience = 30_000
const progressPatience = 10 * 60_000
const longestRejoinPause = 5_000

/** This process's part in the server: found or started, held while in use, stopped by the last one out. */
export class Membership {
  readonly #place: Place
  readonly #cluster: string
  #client: Session | null = null
  #leaving = false
  #rejoining: Promise<void> = Promise.resolve()

  constructor(place: Place) {
    this.#place = place
    this.#cluster = clusterIn(place.dataDir)
  }

  /** Returns the socket directory; the database and its role exist then. */
  async enter(): Promise<string> {
    const begun = Date.now()
    for (;;) {
      const found = await this.#findOrStart()
      if (found.kind === 'server') {
        // Listened for from the beginning: the server may go between any two of these lines.
        const end = new Promise<void>((resolve) => found.client.once('end', resolve))
        try {
          await holdServer(found.client)
          await ensureDatabase(found.client, found.host)
          this.#client = found.client
          void end.then(() => this.#lost(found.client, found.host))
          return found.host
        } catch (error) {
          await found.client.end().catch(() => {})
          if (!isPassing(error)) throw error
        }
      } else {
        this.#lookAtTheClock(found, Date.now() - begun)
      }
      await pause(lookAgain)
      if (this.#leaving) throw new Error('The process is leaving')
    }
  }

  async leave(): Promise<void> {
    this.#leaving = true
    await this.#rejoining
    const client = this.#client
    this.#client = null
    if (client === null) return
    try {
      if (await releaseServer(client)) await stopServer(this.#cluster, this.#place.log)
    } catch (error) {
      // The server has gone on its own; then there is nothing to let go of.
      this.#place.log('own-postgres-gone', { message: messageOf(error) })
    } finally {
      await client.end().catch(() => {})
    }
  }

  async #findOrStart(): Promise<Start> {
    const { dataDir, binariesFrom, log } = this.#place
    const installed = await findBinaries(binariesFrom, dataDir)
    const owner = await inspectCluster(dataDir, installed)
    if (owner !== null) {
      refuseForeignCluster(dataDir, owner)
      const found = await findServer(this.#cluster)
      if (found.kind !== 'none') return found
    }
    const { user, binaries } = await chooseServerUser({ dataDir, binaries: installed }, owner)
    await removeLeftovers(dataDir, binaries)
    if (owner === null) await createCluster(dataDir, binaries, user)
    log('own-postgres-starting', { version: binaries.version })
    return startServer({ dataDir, cluster: this.#cluster, binaries, user })
  }

  #lookAtTheClock(found: Exclude<Start, { kind: 'server' }>, waited: number): void {
    const { dataDir } = this.#place
    if (found.kind === 'failed') {
      throw new Error(`The database in ${dataDir} did not start (see postgres.log there): ${found.why}`)
    }
    if (found.kind === 'memory-in-use' && waited > memoryPatience) {
      throw new Error(
        `The database in ${dataDir} did not start: processes of a server that was killed still use its memory.`,
      )
    }
    if (found.kind === 'none' && waited > silencePatience) {
      throw new Error(
        `The database in ${dataDir} does not start: PostgreSQL takes it for open (see postgres.log there).`,
      )
    }
    if (found.kind !== 'busy' || waited < (found.progress ? progressPatience : silencePatience)) return
    throw new Error(
      `A PostgreSQL server (process ${found.pid}) has the database in ${dataDir} open and does not answer. Stop it ` +
        `(kill -INT ${found.pid}) and start again.`,
    )
  }

  #lost(client: Session, host: string): void {
    if (this.#client !== client || this.#leaving) return
    this.#client = null
    this.#place.log('own-postgres-lost', {})
    this.#rejoining = this.#rejoin(host)
  }

  /** Someone killed the server, or a backend of it: every holder comes here, and one of them starts it. */
  async #rejoin(host: string): Promise<void> {
    for (let wait = lookAgain; !this.#leaving; wait = Math.min(wait * 2, longestRejoinPause)) {
      try {
        const now = await this.enter()
        this.#place.log('own-postgres-back', now === host ? {} : { moved_to: now })
        return
      } catch (error) {
        this.#place.log('own-postgres-not-back', { message: messageOf(error) })
        await pause(wait)
      }
    }
  }
}
