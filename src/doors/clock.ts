// What runs by time. Each job has one turn at a time; stopping waits for the turn in progress, and a turn that fails
// is logged and comes again.

export type Job = {
  readonly name: string
  readonly everyMs: number
  readonly run: () => Promise<unknown>
}

export type Clock = { stop(): Promise<void> }

export function startClock(jobs: readonly Job[], failed: (name: string, error: unknown) => void): Clock {
  let stopped = false
  const turns = new Set<Promise<void>>()
  const timers = new Set<NodeJS.Timeout>()

  function plan(job: Job, inMs: number): void {
    if (stopped) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      const turn = job
        .run()
        .then(
          () => {},
          (error: unknown) => failed(job.name, error),
        )
        .finally(() => {
          turns.delete(turn)
          plan(job, job.everyMs)
        })
      turns.add(turn)
    }, inMs)
    timers.add(timer)
  }

  for (const job of jobs) plan(job, Math.min(job.everyMs, 50))
  return {
    async stop() {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
      await Promise.all(turns)
    },
  }
}
