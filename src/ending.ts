// The order in which a service ends: what brings or begins work stops first, all at once; then what that work needed,
// in the reverse order of its opening. Nothing that hangs keeps the process: each part has its time, ten seconds in all.

const workMayTakeMs = 7_000
const eachMayTakeMs = 1_000

export type Ending = {
  first(stop: () => Promise<unknown>): void
  last(stop: () => Promise<unknown>): void
  /** Calling it again waits for the same end. */
  close(): Promise<void>
}

export function openEnding(veryLast: () => Promise<unknown>): Ending {
  const first: (() => Promise<unknown>)[] = []
  const last = [veryLast]
  let closed: Promise<void> | null = null

  async function end(): Promise<void> {
    await within(workMayTakeMs, Promise.allSettled(first.map((stop) => stop())))
    for (const stop of last.reverse()) await within(eachMayTakeMs, stop())
  }

  return {
    first: (stop) => void first.push(stop),
    last: (stop) => void last.push(stop),
    close() {
      closed ??= end()
      return closed
    },
  }
}

/** Resolves when the work does, fails, or takes too long. */
function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  work
    .catch(() => {})
    .finally(() => {
      clearTimeout(timer)
      resolve()
    })
  return promise
}
