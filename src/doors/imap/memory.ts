// What this process knows of the messages in the mailbox beside what the mailbox itself says. Losing it costs reading
// them once more: a report counts once however often it is read.
import type { Filed } from './folders.ts'

const firstPauseMs = 60_000
const longestPauseMs = 3_600_000

export type Memory = {
  /** Read, and not yet seen to be moved. */
  readonly outcomes: Map<number, { readonly filed: Filed; isCopied: boolean }>
  /** One message at a time, since one of them may be what ends the connection. */
  isCareful: boolean
  /** UIDs mean nothing beyond one UIDVALIDITY, nor those that are gone. */
  keepOnly(validity: bigint, uids: readonly number[]): void
  failed(uid: number): void
  /** Left alone for now, after it could not be read. */
  isLeft(uid: number): boolean
}

/** `now`: milliseconds of a clock that only goes forward. */
export function openMemory(now: () => number): Memory {
  const outcomes: Memory['outcomes'] = new Map()
  const failures = new Map<number, { times: number; until: number }>()
  let known: bigint | null = null

  return {
    outcomes,
    isCareful: false,
    keepOnly(validity, uids) {
      const there = new Set(validity === known ? uids : [])
      known = validity
      for (const uid of outcomes.keys()) if (!there.has(uid)) outcomes.delete(uid)
      for (const uid of failures.keys()) if (!there.has(uid)) failures.delete(uid)
    },
    failed(uid) {
      const times = (failures.get(uid)?.times ?? 0) + 1
      failures.set(uid, { times, until: now() + Math.min(firstPauseMs * 8 ** (times - 1), longestPauseMs) })
    },
    isLeft: (uid) => now() < (failures.get(uid)?.until ?? 0),
  }
}
