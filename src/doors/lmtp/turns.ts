/** Runs at most so many works at once; the others wait in the order in which they came. */
export function openTurns(atOnce: number) {
  const waiting: (() => void)[] = []
  let running = 0
  const underWay = new Set<Promise<unknown>>()

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      // A turn passes on to the next without being counted down.
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }

  return {
    take<T>(work: () => Promise<T>): Promise<T> {
      const taken = inTurn(work)
      underWay.add(taken)
      const leave = () => underWay.delete(taken)
      taken.then(leave, leave)
      return taken
    },
    /** Resolves when all that was taken is done. */
    async settled(): Promise<void> {
      await Promise.allSettled(underWay)
    },
  }
}
