// The order in which a service ends: what brings or begins work stops first, all at once, and has ten seconds for
// what is under way; then what that work needed, in the reverse order of its opening.

const workMayTakeMs = 10_000

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
    let timer: NodeJS.Timeout | null = null
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, workMayTakeMs)
    })
    await Promise.race([Promise.allSettled(first.map((stop) => stop())), late])
    if (timer !== null) clearTimeout(timer)
    for (const stop of last.reverse()) await stop().catch(() => {})
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
