// One clock for everything that is kept alive. Its members are called in turns, each once in its period, so that
// thousands of them are never called in the same moment.

export type Heartbeat = {
  /** Calls `beat` once every period until the returned function is called; the clock runs while there is a member. */
  join(beat: () => void): () => void
}

const mostTurns = 20

export function openHeartbeat(seconds: number): Heartbeat {
  const ms = seconds * 1000
  // below this a timer is no clock any more
  const turns = Math.max(1, Math.min(mostTurns, Math.floor(ms / 10)))
  const members = Array.from({ length: turns }, () => new Set<() => void>())
  let turn = 0
  let count = 0
  let clock: NodeJS.Timeout | null = null

  function next(): void {
    turn = (turn + 1) % turns
    for (const beat of members[turn] ?? []) beat()
  }

  return {
    join(beat) {
      const same = members[turn]
      same?.add(beat)
      count++
      clock ??= setInterval(next, ms / turns).unref()
      return function leave() {
        if (same?.delete(beat) !== true) return
        count--
        if (count > 0 || clock === null) return
        clearInterval(clock)
        clock = null
      }
    },
  }
}
