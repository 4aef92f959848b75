// How often one client may ask, counted in this process alone: enough for questions that store nothing.

export type LimiterOptions = {
  count: number
  seconds: number
  /** Clients remembered; beyond that the one seen first is forgotten. */
  mostKeys?: number
  now?: () => number
}
export type Taking = { kind: 'granted' } | { kind: 'limited'; retryAfter: number }
export type Limiter = {
  /** `keys` as `clientKeys` gives them: the first may take `count` a window, a further one five times that. */
  take(keys: readonly string[]): Taking
}

const WIDER = 5
const MOST_KEYS = 20_000

/** Windows are fixed and the same for all, so that one clearing forgets them all. */
export function windowLimiter({
  count,
  seconds,
  mostKeys = MOST_KEYS,
  now = Date.now,
}: LimiterOptions): Limiter {
  const length = seconds * 1000
  let window = -1
  const taken = new Map<string, number>()
  return {
    take(keys) {
      const time = now()
      const current = Math.floor(time / length)
      if (current !== window) {
        window = current
        taken.clear()
      }
      if (keys.some((key, n) => (taken.get(key) ?? 0) >= count * (n === 0 ? 1 : WIDER))) {
        return { kind: 'limited', retryAfter: Math.ceil(((current + 1) * length - time) / 1000) }
      }
      for (const key of keys) taken.set(key, (taken.get(key) ?? 0) + 1)
      while (taken.size > mostKeys) taken.delete(taken.keys().next().value ?? '')
      return { kind: 'granted' }
    },
  }
}
