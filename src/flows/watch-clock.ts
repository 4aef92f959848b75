// Leases, limits and the life of a link are counted by the clock of whoever looks. Hosts whose clocks differ by much
// take each other's letters before their time: the operator is told.
import type { Log } from '../log.ts'
import type { Db } from '../store/open-database.ts'
import { readServerClock } from '../store/server-clock.ts'

/** A sixth of a letter's lease. */
const mostMs = 5_000

type Deps = {
  readonly db: Db
  readonly log: Log
  readonly now: () => Date
}

/** Compares this process's clock with the database's; says once when they part, and once when they agree again. */
export function openClockWatch({ db, log, now }: Deps): () => Promise<void> {
  let isTold = false
  return async () => {
    const before = now().getTime()
    const there = (await readServerClock(db)).getTime()
    const after = now().getTime()
    // It was read somewhere between the two.
    const aheadMs = there < before ? before - there : there > after ? after - there : 0
    const isApart = Math.abs(aheadMs) >= mostMs
    if (isApart && !isTold) {
      log.warn('clock-differs', {
        ahead_seconds: Math.round(aheadMs / 1000),
        hint: 'let this host and the database’s take their time from the same source (NTP)',
      })
    }
    if (!isApart && isTold) log.info('clock-agrees')
    isTold = isApart
  }
}
