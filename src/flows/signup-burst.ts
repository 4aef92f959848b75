// Whether this process takes more signups than it should in an ordinary hour: a few numbers, whatever comes.

export type SignupBurst = {
  /** One signup that was taken, or that was asked for a proof. */
  count(): void
  isOn(): boolean
}

type Deps = {
  /** More than `count` within `seconds` are a burst. */
  readonly rate: { readonly count: number; readonly seconds: number }
  readonly now: () => Date
  /** Called once at its beginning and once at its end, with the signups of the last `seconds`. */
  readonly turned: (isOn: boolean, signups: number) => void
}

/** Into so many slots the time that is looked at is cut. */
const slots = 12

export function openSignupBurst({ rate, now, turned }: Deps): SignupBurst {
  const slotMs = (rate.seconds * 1000) / slots
  const counts = new Array<number>(slots).fill(0)
  const slotNow = () => Math.floor(now().getTime() / slotMs)
  let current = slotNow()
  let sum = 0
  let isOn = false
  /** Moments in a row, a slot apart, at which the last `seconds` held less than half of what makes a burst. */
  let calm = 0

  function turn(): void {
    const slot = slotNow()
    // After so many all slots are empty, and a burst is over.
    const steps = Math.min(slot - current, 3 * slots)
    for (let step = 0; step < steps; step++) {
      if (isOn) calm = sum < rate.count / 2 ? calm + 1 : 0
      if (isOn && calm > slots) {
        isOn = false
        turned(false, sum)
      }
      const oldest = (current + step + 1) % slots
      sum -= counts[oldest] ?? 0
      counts[oldest] = 0
    }
    // The clock was put back: what was counted is of another time.
    if (slot < current) {
      counts.fill(0)
      sum = 0
    }
    current = slot
  }

  return {
    count() {
      turn()
      const place = current % slots
      counts[place] = (counts[place] ?? 0) + 1
      sum += 1
      if (isOn || sum <= rate.count) return
      isOn = true
      calm = 0
      turned(true, sum)
    },
    isOn() {
      turn()
      return isOn
    },
  }
}
